import type { HeldInvoice, InvoiceOfRef } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { readInvoice } from './invoice-rows.ts';
import { invoiceOfRef } from './observations.ts';

/** An invoice by the provider's id of it, with the name of whom it is owed to: the shop, or else the account. */
export const heldInvoice = async (
  { store: { read } }: Pick<Deps, 'store'>,
  input: InvoiceOfRef,
): Promise<HeldInvoice> => {
  const id = await invoiceOfRef(read, input);
  if (id === null) throw new DomainError('not_found', `No invoice ${input.ref}`);
  const invoice = await readInvoice(read, id);
  const creator = await read
    .selectFrom('users')
    .select('telegram_id')
    .where('id', '=', invoice.userId)
    .executeTakeFirstOrThrow();
  const account = await read
    .selectFrom('accounts')
    .select('name')
    .where('id', '=', invoice.accountId)
    .executeTakeFirstOrThrow();
  const project =
    invoice.projectId === null
      ? undefined
      : await read
          .selectFrom('projects')
          .select('name')
          .where('public_id', '=', invoice.projectId)
          .executeTakeFirst();
  const merchant = (project ?? account).name;
  return { invoice, merchant, creatorTelegramId: creator.telegram_id };
};
