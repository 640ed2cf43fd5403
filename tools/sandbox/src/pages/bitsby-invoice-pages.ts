import { Hono, type Context } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { BitsbyError, refused } from '../bitsby/api/errors.ts';
import type { BitsbyEmulator } from '../bitsby/bitsby-emulator.ts';
import type { Work } from '../bitsby/call.ts';
import { invoiceByUid, requireInvoice } from '../bitsby/invoices/find-invoice.ts';
import { payPagePath } from '../bitsby/invoices/page-url.ts';
import { expectingWallets, presentInvoice } from '../bitsby/invoices/present.ts';
import { bind } from '../bitsby/payments/bind.ts';
import { PayBody, payInvoice } from '../bitsby/payments/pay.ts';
import { calcAmountFiat, presentTransaction, walletOf } from '../bitsby/payments/present.ts';
import type { Invoice, Payment } from '../bitsby/state.ts';
import { readControlBody } from '../read-control-body.ts';
import { layout } from './layout.ts';
import { wantsJson } from './wants-json.ts';

const BindBody = z.strictObject({ paymentId: z.string() });

/** A payment as the sandbox knows it, bound or not, in the currency of the invoice that it was meant for. */
const shownPayment = ({ state }: Work, payment: Payment, invoice: Invoice) => ({
  ...presentTransaction(payment),
  wallet: walletOf(state, payment).name,
  isBound: payment.invoiceId !== null,
  calcAmountFiat: calcAmountFiat(state, payment, invoice),
});

const shown = (work: Work, invoice: Invoice, payments: readonly Payment[]) => ({
  invoice: presentInvoice(invoice, work.now),
  wallets: expectingWallets(work.state, invoice),
  payments: payments
    .filter(({ meantFor, invoiceId }) => (invoiceId ?? meantFor) === invoice.id)
    .map((payment) => shownPayment(work, payment, invoice)),
});

const shownByUid = (work: Work, uid: string) =>
  shown(work, requireInvoice(work, uid), work.state.payments.newestFirst());

/** The fields of a page's button, or a program's JSON. Neither is the same as an empty body. */
const readBody = async <S extends z.ZodType>(c: Context, schema: S) => {
  const type = c.req.header('content-type') ?? '';
  if (type.includes('json')) return readControlBody(c.req.raw, schema, 'The body is not valid.');
  const fields = JSON.stringify(Object.fromEntries(new URLSearchParams(await c.req.text())));
  const request = new Request(c.req.url, { method: 'POST', body: fields });
  return readControlBody(request, schema, 'The body is not valid.');
};

const refusedPage = (message: string, uid: string) =>
  layout(
    'Not possible',
    html`<h1>Not possible</h1>
      <p class="error">${message}</p>
      <p><a href="${payPagePath(uid)}">Back to the invoice</a></p>`,
  );

/** Every invoice as the sandbox knows it, and what the buttons of its payment page do. Looking here is no view. */
export const createBitsbyInvoicePages = ({ act, state }: BitsbyEmulator): Hono => {
  /** Has a person do something to an invoice, and answers a program with what became of it, a browser with the page. */
  const onAction = async <S extends z.ZodType>(
    c: Context<{}, '/:uid/pay' | '/:uid/bind'>,
    schema: S,
    perform: (work: Work, uid: string, body: z.output<S>) => Payment,
  ): Promise<Response> => {
    const uid = c.req.param('uid');
    if (invoiceByUid(state, uid) === undefined) return c.text('There is no such invoice.', 404);
    const body = await readBody(c, schema);
    if ('error' in body) return c.json(body, 400);
    try {
      const answer = act((work) => {
        const payment = perform(work, uid, body.data);
        return {
          ...shownByUid(work, uid),
          payment: shownPayment(work, payment, requireInvoice(work, uid)),
        };
      });
      return wantsJson(c.req.raw) ? c.json(answer) : c.redirect(payPagePath(uid), 303);
    } catch (error) {
      if (!(error instanceof BitsbyError)) throw error;
      return wantsJson(c.req.raw)
        ? c.json({ error: { message: error.message, issues: [] } }, 400)
        : c.html(refusedPage(error.message, uid), 400);
    }
  };

  return new Hono()
    .get('/', (c) =>
      c.json(
        act((work) => {
          const payments = state.payments.newestFirst();
          return {
            invoices: state.invoices.newestFirst().map((invoice) => shown(work, invoice, payments)),
          };
        }),
      ),
    )
    .get('/:uid', (c) => {
      const uid = c.req.param('uid');
      if (invoiceByUid(state, uid) === undefined) return c.text('There is no such invoice.', 404);
      return wantsJson(c.req.raw)
        ? c.json(act((work) => shownByUid(work, uid)))
        : c.redirect(payPagePath(uid), 303);
    })
    .post('/:uid/pay', (c) => onAction(c, PayBody, payInvoice))
    .post('/:uid/bind', (c) =>
      onAction(c, BindBody, (work, uid, { paymentId }) => {
        const payment = work.state.payments.get(paymentId);
        const invoice = requireInvoice(work, uid);
        if (payment?.apiKey !== invoice.apiKey) throw refused('paymentId: payment not found');
        return bind(work, invoice, payment);
      }),
    );
};
