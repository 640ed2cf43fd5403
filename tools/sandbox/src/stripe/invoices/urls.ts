import { randomText } from '../api/ids.ts';

/** The path of an invoice's hosted page. */
export const hostedPath = (id: string, secret: string): string =>
  `/_sandbox/stripe/invoices/${id}/${secret}`;

/** Pages that only those know whom the link was given to. */
export const hostedUrls = (origin: string, id: string) => {
  const page = `${origin}${hostedPath(id, randomText(32))}`;
  return { hosted_invoice_url: page, invoice_pdf: `${page}/pdf` };
};

/** The path of a link that `hostedUrls` made. */
export const pathOfUrl = (url: string | null | undefined): string | undefined =>
  url && URL.canParse(url, 'http://sandbox') ? new URL(url, 'http://sandbox').pathname : undefined;
