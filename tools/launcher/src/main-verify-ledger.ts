import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore, verifyLedger } from '@quittance/invoice-core/app';
import { loadConfig } from './config.ts';
import { loadEnvironment } from './load-environment.ts';

const file = join(loadConfig(loadEnvironment()).DATA_DIR, 'quittance.db');
if (!existsSync(file)) {
  console.error(`There is no database at ${file}`);
  process.exit(2);
}
const store = await openSqliteStore(file);
const { invoices, events, discrepancies } = await verifyLedger(store.read);
await store.close();
for (const discrepancy of discrepancies) console.error(JSON.stringify(discrepancy));
console.log(`${invoices} invoices, ${events} events, ${discrepancies.length} discrepancies`);
process.exitCode = discrepancies.length === 0 ? 0 : 1;
