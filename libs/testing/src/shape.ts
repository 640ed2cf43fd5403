const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entriesOf = (value: unknown, path: string): [string, string][] => {
  if (Array.isArray(value)) return [[path, 'array'], ...entriesOf(value[0], `${path}[]`)];
  if (!isObject(value)) return [[path, value === null ? 'null' : typeof value]];
  const fields = Object.entries(value).flatMap(([name, field]) =>
    entriesOf(field, `${path}.${name}`),
  );
  return [[path, 'object'], ...fields];
};

/**
 * The shape of a JSON value: for each field path its type, arrays by their first item. Two documents with equal
 * shapes have the same fields of the same types.
 */
export const shapeOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(entriesOf(value, '$'));
