import type { Update } from 'grammy/types';

const secondMs = 1_000;

/**
 * Whose turn an update waits for. As at Telegram, what one person does comes in order, and a question about a payment has
 * a queue of its own, since it must be answered within 10 s.
 */
const laneOf = ({
  message,
  pre_checkout_query: query,
  callback_query: pressed,
  update_id,
}: Update) => {
  if (query) return `payment:${query.from.id}`;
  const person = message?.from?.id ?? pressed?.from.id;
  return person === undefined ? `update:${update_id}` : `person:${person}`;
};

/** Updates by lane, in the order in which they came. */
export const lanesOf = (updates: readonly Update[]): Update[][] => [
  ...Map.groupBy(updates, laneOf).values(),
];

/** Until when Telegram would send an update again, UTC ms: a message for 24 hours, all else for 150 s. */
export const lifetimeEnd = ({ message }: Update, seenAt: number): number =>
  message ? (message.date + 24 * 3_600) * secondMs : seenAt + 150 * secondMs;
