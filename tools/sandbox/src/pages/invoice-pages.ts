import { Hono } from 'hono';
import type { Stripe } from 'stripe';
import { defaultIntentOf } from '../stripe/invoices/payments.ts';
import { presented } from '../stripe/invoices/present.ts';
import { hostedPath, pathOfUrl } from '../stripe/invoices/urls.ts';
import type { StripeEmulator } from '../stripe/stripe-emulator.ts';
import { invoicePage } from './invoice-page.ts';
import { payerActions, performAction } from './payer-actions.ts';
import { invoiceButtons } from './payer-buttons.ts';
import { refused } from './refused.ts';
import { wantsJson } from './wants-json.ts';

const page = '/:id/:secret';

/** The hosted page of each finalized invoice, its PDF, and the actions behind its buttons. */
export const createInvoicePages = (stripe: StripeEmulator): Hono => {
  const pages = new Hono();

  /** The invoice, for those only who know its whole link. */
  const find = (id: string, secret: string): Stripe.Invoice | undefined => {
    const invoice = stripe.state.invoices.get(id);
    const path = pathOfUrl(invoice?.hosted_invoice_url);
    return path === hostedPath(id, secret) ? invoice : undefined;
  };

  pages.get(page, (c) => {
    const { id, secret } = c.req.param();
    const invoice = find(id, secret);
    if (invoice === undefined) return c.text('There is no such invoice.', 404);
    if (wantsJson(c.req.raw)) return c.json(presented(stripe.state, invoice));
    const intent = defaultIntentOf(stripe.state, id);
    return c.html(invoicePage(invoice, intent, hostedPath(id, secret)));
  });

  pages.get(`${page}/pdf`, async (c) => {
    const { id, secret } = c.req.param();
    const invoice = find(id, secret);
    if (invoice === undefined) return c.text('There is no such invoice.', 404);
    // Loaded for the first PDF: the library takes 30 MB, and few ever ask for one.
    const { invoicePdf } = await import('./invoice-pdf.ts');
    const bytes = await invoicePdf(invoice);
    // A number of the merchant's own may hold what a header must not.
    const name = (invoice.number ?? id).replaceAll(/[^\w.-]/g, '-');
    return c.body(new Uint8Array(bytes).buffer, 200, {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="Invoice-${name}.pdf"`,
    });
  });

  for (const action of payerActions) {
    pages.post(`${page}/${action}`, (c) => {
      const { id, secret } = c.req.param();
      const intent = find(id, secret) && defaultIntentOf(stripe.state, id);
      if (intent === undefined) return c.text('There is no such invoice to pay.', 404);
      const origin = new URL(c.req.url).origin;
      const outcome = stripe.act(origin, (call) => performAction(call, intent.id, action));
      // A declined payment is what the button was for; other errors are the caller's.
      const after = stripe.state.invoices.get(id);
      if (outcome.status !== 200 && outcome.status !== 402) {
        const buttons = invoiceButtons(after, intent);
        const offered = buttons.some((button) => button.action === action);
        return refused(c, outcome, { path: hostedPath(id, secret), offered });
      }
      return wantsJson(c.req.raw) && after !== undefined
        ? c.json(presented(stripe.state, after))
        : c.redirect(hostedPath(id, secret), 303);
    });
  }
  return pages;
};
