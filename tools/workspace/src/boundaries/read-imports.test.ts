import { expect, test } from 'vitest';
import { readImports } from './read-imports.ts';

test('every way to name a module is read', () => {
  const source = `
    import 'side-effect';
    import value, { type Type } from 'value';
    import type { Other } from 'type-only';
    import * as all from './all.ts';
    export { one } from 're-export';
    export type { Two } from 're-export-type';
    export * from 're-export-all';
    export const own = 1;
    const later = await import('dynamic');
    const template = await import(\`not-\${own}-literal\`);
    type Inline = import('type-query').Inline;
    // import 'comment';
    const text = "import 'text'";
  `;
  expect(readImports('x.ts', source)).toEqual([
    'side-effect',
    'value',
    'type-only',
    './all.ts',
    're-export',
    're-export-type',
    're-export-all',
    'dynamic',
    'type-query',
  ]);
});

test('a file that does not parse is an error, not a file without imports', () => {
  expect(() => readImports('x.ts', 'import {')).toThrow('x.ts: ');
});
