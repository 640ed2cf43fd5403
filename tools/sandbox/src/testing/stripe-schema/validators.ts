import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { writeWhole } from './cache.ts';
import type { StripeSchemas } from './generate.ts';
import { partialSchema } from './partial-schema.ts';

/** The validator of what has this key among the schemas; undefined when nothing has. */
export type Validators = (key: string, partial: boolean) => ValidateFunction | undefined;

const load = createRequire(import.meta.url);

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the file holds what ajv compiled
const asValidator = (compiled: unknown): ValidateFunction => compiled as ValidateFunction;

const isSchema = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Each schema is compiled when it is needed first and kept as code: the larger ones take a tenth of a second. */
export const createValidators = (folder: string, schemas: () => StripeSchemas): Validators => {
  const known = new Map<string, ValidateFunction>();

  const compile = (schema: Record<string, unknown>): string => {
    const code = { source: true, optimize: false };
    const ajv = new Ajv({ allErrors: true, code, strict: false, validateSchema: false });
    return standalone.default(ajv, ajv.compile(schema));
  };

  return (key, partial) => {
    const name = partial ? `partial:${key}` : key;
    const before = known.get(name);
    if (before !== undefined) return before;
    const file = join(folder, `${encodeURIComponent(name)}.cjs`);
    if (!existsSync(file)) {
      const schema = schemas()[key];
      if (!isSchema(schema)) return undefined;
      writeWhole(file, compile(partial ? partialSchema(schema) : schema));
    }
    const validate = asValidator(load(file));
    known.set(name, validate);
    return validate;
  };
};
