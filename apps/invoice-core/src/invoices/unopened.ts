import { type Kysely, sql } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';

/** Written out, as in the index that has such invoices alone. */
const creating = sql.lit('creating');

/** A provider's invoices that are waiting to be opened, or of which it is not known whether they were. */
export const unopened = (
  db: Kysely<Schema>,
  { provider, sandbox }: { provider: string } & Pick<Deps, 'sandbox'>,
) =>
  db
    .selectFrom('invoices')
    .where('provider', '=', provider)
    .where('status', '=', creating)
    .where('sandbox', '=', Number(sandbox));
