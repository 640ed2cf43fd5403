import type { FeedEvent } from './follow-feed.ts';

/** An event on one line. */
export const eventLine = ({ position, type, occurredAt, invoiceId, seq }: FeedEvent): string => {
  const what = invoiceId === undefined ? '' : `  ${invoiceId} #${seq}`;
  return `${occurredAt}  ${String(position).padStart(6)}  ${type.padEnd(24)}${what}`;
};
