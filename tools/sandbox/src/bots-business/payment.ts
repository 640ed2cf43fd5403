import { changeUser, ScriptError, userOf, webhookUrl, type Bot } from './bot.ts';
import type { BbpTransaction, Direction, PaymentKind } from './state.ts';

const transactionsKept = 5;

export interface Payment {
  from: unknown;
  to: unknown;
  /** BB Points. */
  points: number;
  /** The amount as the transactions show it. */
  amount: unknown;
  note: unknown;
  kind: PaymentKind;
}

/** @throws ScriptError when the points are not above 0 or the payer has them no more, as ResourcesLib does */
const movePoints = (bot: Bot, { from, to, points, amount, note, kind }: Payment): void => {
  const { state } = bot;
  const { balance } = userOf(state, from);
  // Written so that NaN is refused too.
  if (!(points > 0 && balance >= points)) throw new ScriptError('ResLib: not enough resources');
  changeUser(state, from, { balance: balance - points });
  changeUser(state, to, { balance: userOf(state, to).balance + points });

  const date = new Date(bot.now()).toLocaleDateString('en-GB', { timeZone: 'UTC' });
  const record = (user: unknown, other: unknown, direction: Direction): void => {
    const entry: BbpTransaction = { amount, with: other, note, date, type: kind, direction };
    const transactions = [...userOf(state, user).transactions, entry].slice(-transactionsKept);
    changeUser(state, user, { transactions });
  };
  record(from, to, 'debit');
  record(to, from, 'credit');
};

/**
 * Moves the points of a payment that has been looked at and found right, and tells the webhooks of both sides.
 * `settle` marks as paid what it was for; `webhookBody` is the body for one side, `date` in ISO 8601.
 * @throws ScriptError when the points are not above 0 or the payer has them no more
 */
export const carryOut = async (
  bot: Bot,
  payment: Payment,
  {
    settle,
    webhookBody,
  }: {
    settle: () => void;
    webhookBody: (user: unknown, direction: Direction, date: string) => object;
  },
): Promise<void> => {
  const pause = bot.pauseBeforeCharge();
  // Without a gap nothing may come between looking and charging, not even another turn of the event loop.
  if (pause !== undefined) await pause;
  bot.transaction(() => {
    movePoints(bot, payment);
    settle();
  });

  const date = new Date(bot.now()).toISOString();
  const tell = (user: unknown, direction: Direction): void => {
    const { webhook } = userOf(bot.state, user).settings;
    if (webhook === undefined || !webhookUrl.test(webhook)) return;
    bot.notices.push({
      url: webhook,
      type: `bots_business.${payment.kind.replace(' ', '_')}.${direction}`,
      body: JSON.stringify(webhookBody(user, direction, date)),
    });
  };
  tell(payment.from, 'debit');
  tell(payment.to, 'credit');
};
