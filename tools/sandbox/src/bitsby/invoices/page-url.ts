const prefix = '/invoices/pay/';

/** Where the payment page of an invoice is, as at https://dash.bitsby.app. */
export const payPagePath = (uid: string): string => `${prefix}${encodeURIComponent(uid)}`;

/** The `uid` of a payment page; undefined where the path is none. */
export const uidOfPath = (path: string): string | undefined =>
  path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
