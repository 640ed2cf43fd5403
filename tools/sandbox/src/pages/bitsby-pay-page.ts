import { html, raw } from 'hono/html';
import QRCode from 'qrcode';
import type { Act } from '../bitsby/act.ts';
import { BitsbyError, serverError, tooFrequent } from '../bitsby/api/errors.ts';
import type { Work } from '../bitsby/call.ts';
import { datetime, secondMs } from '../bitsby/datetime.ts';
import { expectingWallets } from '../bitsby/invoices/present.ts';
import { statusOf } from '../bitsby/invoices/status.ts';
import { viewInvoice } from '../bitsby/invoices/view.ts';
import type { Invoice, Payment } from '../bitsby/state.ts';
import type { ApiAnswer, Disturbance } from '../emulator.ts';
import { layout } from './layout.ts';

/** Where the buttons of the page of an invoice lead. */
const controlPath = (uid: string): string => `/_sandbox/bitsby/invoices/${uid}`;

type Fragment = ReturnType<typeof html>;
type ExpectingWallet = ReturnType<typeof expectingWallets>[number];

const qrCode = async (text: string): Promise<Fragment> =>
  html`${raw(await QRCode.toString(text, { type: 'svg', margin: 1, width: 160 }))}`;

// The time left is told by the server, whose clock can be moved, and counted down by the browser's.
const countdown = `
  const left = document.getElementById('left');
  const end = Date.now() + Number(left.dataset.seconds) * 1000;
  const show = () => {
    const ms = Math.max(0, end - Date.now());
    left.textContent = ms === 0 ? 'the time is over' : new Date(ms).toISOString().slice(11, 19);
  };
  setInterval(show, 1000);
`;

const timeLeft = ({ timeToPayAt }: Invoice, now: number) => {
  const ms = timeToPayAt - now;
  return html`<p>
      Time left:
      <b id="left" data-seconds="${Math.ceil(ms / secondMs)}"
        >${new Date(ms).toISOString().slice(11, 19)}</b
      >
    </p>
    <script>
      ${raw(countdown)};
    </script>`;
};

const walletButtons = ({ uid }: Invoice, { name }: ExpectingWallet, isLate: boolean) =>
  html`<form method="post" action="${controlPath(uid)}/pay">
    <input type="hidden" name="wallet" value="${name}" />
    <button class="main" name="amount" value="exact">
      ${isLate ? 'Pay too late' : 'Pay exactly'}
    </button>
    <button name="amount" value="short">Pay less</button>
    <button name="amount" value="over">Pay more</button>
  </form>`;

const walletSection = async (invoice: Invoice, wallet: ExpectingWallet, status: string) =>
  html`<h2>${wallet.name}</h2>
    <p>
      <b>${wallet.amountCrypto} ${wallet.cryptocurrency.toUpperCase()}</b> on ${wallet.blockchain},
      to <code>${wallet.address}</code>
    </p>
    ${await qrCode(wallet.address)}
    <p>${walletButtons(invoice, wallet, status === 'expired')}</p>`;

const unboundRow = ({ uid }: Invoice, { id, amount, hash }: Payment) =>
  html`<tr>
    <td>${amount}</td>
    <td><code>${hash}</code></td>
    <td>
      <form method="post" action="${controlPath(uid)}/bind">
        <button name="paymentId" value="${id}">The seller binds it</button>
      </form>
    </td>
  </tr>`;

const unboundPayments = (invoice: Invoice, payments: readonly Payment[]) =>
  payments.length === 0
    ? ''
    : html`<h2>Payments that were not matched</h2>
        <table class="lines">
          ${payments.map((payment) => unboundRow(invoice, payment))}
        </table>`;

/** What the page shows of an invoice, taken in the transaction that counts the view. */
const look = (work: Work, uid: string) => {
  const invoice = viewInvoice(work, uid);
  return {
    invoice,
    status: statusOf(invoice, work.now),
    now: work.now,
    wallets: expectingWallets(work.state, invoice),
    unbound: work.state.payments
      .newestFirst()
      .filter(({ meantFor, invoiceId }) => meantFor === invoice.id && invoiceId === null),
  };
};

/** Where a buyer pays an invoice: what is to be paid, until when, and to which wallets. */
const payPage = async ({ invoice, status, now, wallets, unbound }: ReturnType<typeof look>) => {
  const isOpen = status === 'unpaid' || status === 'expired';
  return layout(
    `Invoice ${invoice.uid}`,
    html`<p class="muted">Quittance sandbox · Bitsby · no real money moves here</p>
      <h1>${invoice.amountFiat} ${invoice.currencyFiat}</h1>
      <p><span class="status ${status}">${status}</span></p>
      <p class="text">${invoice.description ?? ''}</p>
      <p>To be paid until ${datetime(invoice.timeToPayAt)} UTC</p>
      ${status === 'unpaid' ? timeLeft(invoice, now) : ''}
      ${isOpen ? await Promise.all(wallets.map((wallet) => walletSection(invoice, wallet, status))) : ''}
      ${isOpen ? unboundPayments(invoice, unbound) : ''}
      <p><a href="/_sandbox">All of the sandbox</a></p>`,
  );
};

const problemPage = (message: string) =>
  layout(
    'Not possible',
    html`<h1>Not possible</h1>
      <p class="error">${message}</p>`,
  );

const reply = async (status: number, page: Fragment): Promise<ApiAnswer> => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: String(await page),
});

/** Answers a browser that opens the payment page, which counts as a view. */
export const answerPayPage = async (
  act: Act,
  uid: string,
  { fault, delay }: Disturbance,
): Promise<ApiAnswer> => {
  try {
    if (fault === 'rate_limit') throw tooFrequent();
    await delay?.();
    if (fault === 'server_error') throw serverError();
    const seen = act((work) => look(work, uid));
    if (fault === 'server_error_after') throw serverError();
    return await reply(200, await payPage(seen));
  } catch (error) {
    if (!(error instanceof BitsbyError)) throw error;
    return reply(error.status === 200 ? 404 : error.status, problemPage(error.message));
  }
};
