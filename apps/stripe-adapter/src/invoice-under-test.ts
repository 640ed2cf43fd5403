import { type FlowOptions, type InvoiceLine, type OpenInput, totalOf } from '@quittance/contracts';
import { openInput, type ProviderUnderTest } from '@quittance/testing';
import type { Stripe } from 'stripe';
import { type AdapterUnderTest, keyNotAccepted, openAdapter } from './adapter-under-test.ts';
import { idOf } from './refs.ts';

type InvoiceOptions = Extract<FlowOptions, { flow: 'stripe.invoice' }>;

/** One line of 20.50 USD, as `openInput` asks for. */
export const invoiceOptions: InvoiceOptions = {
  provider: 'stripe',
  flow: 'stripe.invoice',
  customer: null,
  paymentMethod: null,
  lines: [{ description: 'A flight', quantity: 1, unitAmount: 2050 }],
  footer: null,
  due: null,
  draft: false,
};

/** Who is billed. */
export const customerOf = async (stripe: Stripe, invoice: string): Promise<string> => {
  const customer = idOf((await stripe.invoices.retrieve(invoice)).customer);
  if (customer === undefined) throw new Error(`${invoice} has no customer`);
  return customer;
};

/** The one invoice that there is at Stripe. */
export const onlyInvoice = async (stripe: Stripe): Promise<Stripe.Invoice> => {
  const { data } = await stripe.invoices.list({ limit: 100 });
  const [invoice] = data;
  if (!invoice || data.length > 1) throw new Error(`There are ${data.length} invoices`);
  return invoice;
};

/** Of every kind: 30.00 USD. */
export const mixedLines: InvoiceLine[] = [
  { description: 'Seats', quantity: 3, unitAmount: 1000 },
  { description: 'Setup', quantity: 1, unitAmount: 550 },
  { description: 'Voucher', quantity: 2, unitAmount: -250 },
  { description: 'Goodwill', quantity: 1, unitAmount: -50 },
];

/** Each line will do, their sum is too much for Stripe to finalize. */
export const tooMuch: InvoiceLine[] = [
  { description: 'Much', quantity: 2, unitAmount: 60_000_000 },
];

/** What `open` takes for them. */
export const orderOf = (options: Partial<InvoiceOptions> = {}, id = 1): OpenInput => {
  const all = { ...invoiceOptions, ...options };
  const money = { amount: totalOf(all.lines), currency: 'USD' };
  return { ...openInput(all, { id }), money };
};

/** The PaymentIntent that is to pay it. */
export const intentOf = async (stripe: Stripe, invoice: string): Promise<string> => {
  const { data } = await stripe.invoicePayments.list({ invoice });
  const intent = idOf(data[0]?.payment.payment_intent);
  if (intent === undefined) throw new Error(`${invoice} has no PaymentIntent`);
  return intent;
};

/** What an event is about, in every way that an event of an invoice, or of what pays it, says so. */
const subjectsOf = ({ data: { object } }: Stripe.Event): unknown[] => [
  'id' in object && object.id,
  'invoice' in object && object.invoice,
  'payment_intent' in object && object.payment_intent,
];

/** How the payer's side and Stripe's view are for Stripe invoices. */
const invoiceSide = (
  adapter: AdapterUnderTest,
): Pick<
  ProviderUnderTest,
  'pay' | 'decline' | 'webhooks' | 'failNextOpen' | 'openedCount' | 'options' | 'provider'
> => {
  const { stripe, provider, answer, fail } = adapter;
  let isNextRefused = false;
  const refusedIf = (input: OpenInput, isRefused: boolean): OpenInput =>
    isRefused && input.options.flow === 'stripe.invoice'
      ? { ...input, options: { ...input.options, paymentMethod: 'pm_of_nobody' } }
      : input;
  return {
    options: invoiceOptions,
    provider: {
      ...provider,
      open: (input) => {
        const isRefused = isNextRefused;
        isNextRefused = false;
        return provider.open(refusedIf(input, isRefused));
      },
    },
    pay: async (ref) => {
      const payment_method = 'pm_card_visa';
      await stripe.paymentIntents.confirm(await intentOf(stripe, ref), { payment_method });
    },
    decline: async (ref) => {
      const payment_method = 'pm_card_chargeDeclined';
      await stripe.paymentIntents
        .confirm(await intentOf(stripe, ref), { payment_method })
        .catch(() => undefined);
    },
    webhooks: async (ref) => {
      const { data } = await stripe.invoicePayments.list({ invoice: ref });
      const refs = [ref, ...data.map(({ payment }) => idOf(payment.payment_intent))];
      return adapter.webhooksWhere((event) =>
        subjectsOf(event).some((subject) => typeof subject === 'string' && refs.includes(subject)),
      );
    },
    failNextOpen: async (fault) => {
      if (fault === 'refused') isNextRefused = true;
      if (fault === 'unavailable') answer('POST /v1/invoices', keyNotAccepted);
      if (fault === 'lost_answer') {
        await fail('POST /v1/invoices/*/finalize', 'drop_after', 'drop_after', 'drop_after');
      }
    },
    openedCount: async () => (await stripe.invoices.list({ limit: 100 })).data.length,
  };
};

/** The Stripe adapter against the emulator, collecting by Stripe invoices. */
export const openInvoiceAdapter = async (
  ...args: Parameters<typeof openAdapter>
): Promise<AdapterUnderTest> => {
  const adapter = await openAdapter(...args);
  return { ...adapter, ...invoiceSide(adapter) };
};

export const withInvoiceAdapter = async (
  run: (adapter: AdapterUnderTest) => Promise<void>,
  options: Parameters<typeof openAdapter>[1] = {},
): Promise<void> => {
  const adapter = await openInvoiceAdapter(undefined, options);
  try {
    await run(adapter);
  } finally {
    await adapter.close();
  }
};
