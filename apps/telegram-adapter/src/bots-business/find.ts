import type { FindInput, FindResult } from '@quittance/contracts';
import { BotsBusinessInvoice } from '@quittance/contracts/bots-business';
import { DomainError, parseJson } from '@quittance/rpc';
import type { Clock } from '@quittance/runtime';
import { z } from 'zod';
import type { BotsBusiness } from './connection.ts';
import { asking } from './errors.ts';
import { invoiceObservation } from './mapping.ts';

const Known = z.looseObject({});

const lastSeen = (object: string | null): object =>
  object === null ? {} : Known.parse(parseJson(object));

/**
 * What the bot says of an invoice: by its source a part of it, whether or not it is paid; by its documentation all of it,
 * and an error once it is paid. So what it says now is laid over what was seen before.
 * https://github.com/nasirul786/BB-Point-webApp `commands/apis/invoice-status.js`
 */
export const findBotsBusiness = async (
  { bbp, clock }: { bbp: BotsBusiness; clock: Clock },
  { ref, object }: Extract<FindInput, { by: 'ref' }>,
): Promise<FindResult> => {
  const answer = await asking(() => bbp.run('invoice-status', { invoiceId: ref }));
  const now = (): unknown => {
    if (answer.status === 'success') return answer['invoice'];
    if (/paid already|already been paid/i.test(answer.msg)) return { status: 'paid' };
    if (/not found/i.test(answer.msg)) return undefined;
    throw new DomainError('unavailable', 'The BBP bot does not say how the invoice stands');
  };
  const seen = now();
  if (seen === undefined && answer.status === 'error')
    return { observations: [], customerRef: null };
  const invoice = BotsBusinessInvoice.safeParse({
    ...lastSeen(object),
    invoiceId: ref,
    ...Known.safeParse(seen).data,
  });
  if (!invoice.success || !Known.safeParse(seen).success) {
    throw new DomainError('unavailable', 'Bots.Business gave no clear answer');
  }
  const observation = invoiceObservation(invoice.data, { at: clock(), raw: answer });
  return { observations: [observation], customerRef: null };
};
