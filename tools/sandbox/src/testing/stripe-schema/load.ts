import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './cache.ts';
import type { StripeSchemas } from './generate.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the file was written from this type, by this code: its folder says which
const asSchemas = (parsed: unknown): StripeSchemas => parsed as StripeSchemas;

/** Makes the schemas of the installed SDK unless the folder has them. Resolves with how to read them. */
export const loadStripeSchemas = async (folder: string): Promise<() => StripeSchemas> => {
  const file = join(folder, 'schemas.json');
  if (!existsSync(file)) {
    const { generateStripeSchemas } = await import('./generate.ts');
    writeWhole(file, JSON.stringify(generateStripeSchemas()));
  }
  let read: StripeSchemas | undefined;
  return () => (read ??= asSchemas(JSON.parse(readFileSync(file, 'utf8'))));
};
