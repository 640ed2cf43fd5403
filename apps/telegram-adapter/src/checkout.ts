import type { CheckoutRefusal, Received, WebhookReply } from '@quittance/contracts';
import type { PreCheckoutQuery, WebhookReplyCall } from '@quittance/contracts/telegram';
import { textsFor } from './bot/texts.ts';
import { moneyOf } from './mapping.ts';

/** Nothing more to say to Telegram. */
export const acknowledged: WebhookReply = { status: 200, headers: {}, body: '' };

/** A reply that is itself a call, which Telegram carries out. https://core.telegram.org/bots/api#making-requests-when-getting-updates */
export const replyWith = (call: WebhookReplyCall): WebhookReply => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(call),
});

/** Asks whether to let a payment through, with each answer prepared in the payer's language. */
export const askCheckout = (query: PreCheckoutQuery): Received => {
  const { refusals } = textsFor(query.from.language_code);
  const answer = { method: 'answerPreCheckoutQuery', pre_checkout_query_id: query.id } as const;
  const refuse = (reason: CheckoutRefusal): WebhookReply =>
    replyWith({ ...answer, ok: false, error_message: refusals[reason] });

  const money = moneyOf(query);
  // We have never asked for money that we do not know.
  if (!money) return { observations: [], hints: [], reply: refuse('unknown') };
  return {
    observations: [],
    hints: [],
    reply: refuse('not_payable'),
    ask: {
      id: query.id,
      ref: query.invoice_payload,
      money,
      payer: String(query.from.id),
      replies: {
        accept: replyWith({ ...answer, ok: true }),
        refuse: {
          unknown: refuse('unknown'),
          paid: refuse('paid'),
          expired: refuse('expired'),
          canceled: refuse('canceled'),
          not_payable: refuse('not_payable'),
          other_amount: refuse('other_amount'),
          being_paid: refuse('being_paid'),
        },
      },
    },
  };
};
