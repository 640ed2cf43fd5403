import type { PaymentProvider } from '@quittance/contracts';
import { BitsbyWebhook } from '@quittance/contracts/bitsby';
import { DomainError, invalidInput, parseJson } from '@quittance/rpc';

/** Anything but 200 is sent again, for two days. https://docs.bitsby.app/webhook-url */
const reply = { status: 200, headers: {}, body: '' };

const readJson = (body: string): unknown => {
  try {
    return parseJson(body);
  } catch (cause) {
    throw new DomainError('invalid_request', 'The body is not valid JSON', { cause });
  }
};

/** Reads a webhook, of which nothing proves that Bitsby sent it: a reason to look at the invoice, and no more. */
export const receive: PaymentProvider['receive'] = async ({ body }) => {
  await Promise.resolve();
  const webhook = BitsbyWebhook.safeParse(readJson(body));
  if (!webhook.success) throw invalidInput(webhook.error);
  const { invoice, payment } = webhook.data;
  return { observations: [], hints: [{ ref: invoice.id, payment: payment.id }], reply };
};
