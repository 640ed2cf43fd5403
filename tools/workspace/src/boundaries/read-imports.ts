import { parseSync, Visitor } from 'oxc-parser';

/**
 * The module specifiers that a source names: imports, type-only ones too, re-exports, `import()` of a literal and
 * `import('...')` types.
 * @throws where the source cannot be parsed, which must not pass for "imports nothing"
 */
export const readImports = (path: string, source: string): string[] => {
  const { program, errors } = parseSync(path, source);
  const [error] = errors;
  if (error) throw new Error(`${path}: ${error.message}`);
  const imports: string[] = [];
  const add = (node: { source: { type: string; value?: unknown } | null }): void => {
    if (typeof node.source?.value === 'string') imports.push(node.source.value);
  };
  new Visitor({
    ImportDeclaration: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    ImportExpression: add,
    TSImportType: add,
  }).visit(program);
  return imports;
};
