const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const partialValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(partialValue);
  return isRecord(value) ? partialSchema(value) : value;
};

const nullable = (field: unknown): unknown =>
  isRecord(field) ? { anyOf: [partialSchema(field), { type: 'null' }] } : field;

/** The same schema with every field optional and nullable, however deep: for a part of an object. */
export const partialSchema = (schema: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => keyword !== 'required')
      .map(([keyword, value]) => {
        if (keyword === 'additionalProperties') return [keyword, nullable(value)];
        if (keyword !== 'properties' || !isRecord(value)) return [keyword, partialValue(value)];
        const fields = Object.entries(value).map(([name, field]) => [name, nullable(field)]);
        return [keyword, Object.fromEntries(fields)];
      }),
  );
