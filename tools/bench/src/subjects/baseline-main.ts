import { createServer } from 'node:http';
import { env } from 'node:process';
import { getRequestListener } from '@hono/node-server';
import Database from 'better-sqlite3';
import { Hono } from 'hono';
import { z } from 'zod';

/** What any durable create does at least: parse, one transaction before the provider is asked, one after. */

const Config = z.object({ PORT: z.coerce.number(), DATABASE_FILE: z.string() });
const { PORT, DATABASE_FILE } = Config.parse(env);

const database = new Database(DATABASE_FILE);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(`create table invoices (
  id integer primary key, item_type text, item_id text, amount text, currency text, status text, at integer
) strict`);

const insert =
  database.prepare(`insert into invoices (item_type, item_id, amount, currency, status, at)
  values (?, ?, ?, ?, 'creating', ?)`);
const update = database.prepare(`update invoices set status = 'pending' where id = ?`);

const Create = z.object({
  provider: z.enum(['stripe']),
  item_type: z.enum(['flight', 'product', 'service']),
  item_id: z.union([z.string(), z.int().transform(String)]),
  final_amount: z.number().positive(),
  currency: z.string().length(3),
});

const app = new Hono()
  .get('/readyz', (c) => c.json({ status: 'ready' }))
  .post('/v1/invoice/create', async (c) => {
    const parsed = Create.safeParse(await c.req.json());
    if (!parsed.success) return c.json({ success: false }, 400);
    const { item_type: itemType, item_id: itemId, final_amount: amount, currency } = parsed.data;
    const at = Date.now();
    const { lastInsertRowid } = insert.run(itemType, itemId, String(amount), currency, at);
    const id = Number(lastInsertRowid);
    update.run(id);
    return c.json({ success: true, data: { status: 'created', invoice: { id, at } } }, 201);
  });

const listener = getRequestListener(app.fetch);
const server = createServer((request, response) => void listener(request, response));
server.listen(PORT, '127.0.0.1');
const end = (): void => process.exit(0);
process.on('SIGTERM', end);
process.on('disconnect', end);
process.channel?.unref();
