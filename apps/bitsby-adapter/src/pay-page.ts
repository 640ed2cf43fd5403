/**
 * Where a payer pays an invoice. Only the answer to its create says that, which may have been lost: at Bitsby it is on
 * `dash.` beside `api.`, elsewhere on the same host.
 * https://docs.bitsby.app/api-documentation/invoice-creation
 */
export const payPageOf = (apiUrl: string, uid: string): string => {
  const page = new URL(`/invoices/pay/${encodeURIComponent(uid)}`, apiUrl);
  page.hostname = page.hostname.replace(/^api\./, 'dash.');
  return page.href;
};
