import type { OpenInput, OpenResult } from '@quittance/contracts';
import { BotsBusinessInvoice } from '@quittance/contracts/bots-business';
import { DomainError } from '@quittance/rpc';
import type { Clock } from '@quittance/runtime';
import type { BotsBusiness } from './connection.ts';
import { asRefusal } from './errors.ts';
import { invoiceObservation } from './mapping.ts';

/**
 * Makes an invoice at the BBP bot. It knows no idempotency key, so a second try makes a second invoice, which harms nobody:
 * of the first one nobody has the link. The bot wants a payload and then loses it, so it gets none of the merchant's.
 */
export const openBotsBusiness = async (
  { bbp, clock }: { bbp: BotsBusiness; clock: Clock },
  { key, money, description }: OpenInput,
  { title }: { title: string },
): Promise<OpenResult> => {
  const answer = await bbp.run('new-invoice', {
    amount: money.amount,
    userId: bbp.merchant.userId,
    description: description === null || description === '' ? title : description,
    title,
    payload: key,
  });
  if (answer.status === 'error') throw asRefusal(answer.msg);
  const invoice = BotsBusinessInvoice.safeParse(answer['invoice']);
  if (!invoice.success) {
    throw new DomainError('outcome_unknown', 'Bots.Business gave no clear answer');
  }
  const observation = invoiceObservation(invoice.data, { at: clock(), raw: answer });
  return { observation, customerRef: null };
};
