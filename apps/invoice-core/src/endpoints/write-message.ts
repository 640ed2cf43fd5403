import type { Invoice, WebhookFormat } from '@quittance/contracts';
import { bitsbyMessage, invoiceMessage } from '@quittance/contracts/webhooks';
import type { Kysely } from 'kysely';
import { type EventRow, toEvent } from '../invoices/event-rows.ts';
import type { Schema } from '../store/schema.ts';

/** A project is told of under the name that it has when the message is made: of names no history is kept. */
const readProject = async (
  db: Kysely<Schema>,
  { id }: Pick<Invoice, 'id'>,
): Promise<{ id: string; name: string }> => {
  const invoice = await db
    .selectFrom('invoices')
    .select('project_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return db
    .selectFrom('projects')
    .select(['public_id as id', 'name'])
    .where('id', '=', invoice.project_id)
    .executeTakeFirstOrThrow();
};

/** The text that is sent of an event of an invoice, which is as it was after it, in a format that can tell of it. */
export const writeMessage = async (
  db: Kysely<Schema>,
  { event, invoice, format }: { event: EventRow; invoice: Invoice; format: WebhookFormat },
): Promise<string> =>
  format === 'standard'
    ? invoiceMessage({ event: toEvent(event), invoice })
    : bitsbyMessage({ invoice, project: await readProject(db, invoice) });
