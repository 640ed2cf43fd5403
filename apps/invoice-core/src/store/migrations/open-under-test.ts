/** Opens the database in a file, which migrates it, and is killed meanwhile. Says on stdout where it is. */
import { z } from 'zod';
import { openSqliteStore } from '../sqlite-store.ts';

console.log('opening');
const store = await openSqliteStore(z.string().parse(process.argv[2]));
console.log('opened');
await store.close();
