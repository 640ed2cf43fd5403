import type { PaymentProvider, Received } from '@quittance/contracts';
import { BotsBusinessWebhook } from '@quittance/contracts/bots-business';
import { DomainError } from '@quittance/rpc';
import { acknowledged } from '../checkout.ts';
import { isSame } from '../derived.ts';
import { readJson } from '../webhook.ts';

type Hints = Received['hints'];

const hintsOf = ({ invoiceId, direction }: BotsBusinessWebhook): Hints => {
  // Money that the merchant has spent.
  if (direction === 'debit') return [];
  if (invoiceId === undefined) return [{ flow: 'telegram.bots_business' }];
  // An invoice is paid once there, under its own id.
  return [{ ref: invoiceId, payment: invoiceId }];
};

/**
 * Takes what the BBP bot posts when it has paid the merchant. Only the URL vouches for it, so it proves nothing: it is a
 * reason to look at the invoice that it names, or, where it names none, at all that are open.
 */
export const createBotsBusinessReceiver =
  (token: string | undefined): PaymentProvider['receive'] =>
  async (webhook) => {
    await Promise.resolve();
    if (token === undefined || !isSame(webhook.token ?? '', token)) {
      throw new DomainError('unauthenticated', 'This is not the URL of a webhook');
    }
    const body = BotsBusinessWebhook.safeParse(readJson(webhook.body));
    if (!body.success)
      throw new DomainError('invalid_request', 'The body is no message of the BBP bot');
    return { observations: [], hints: hintsOf(body.data), reply: acknowledged };
  };
