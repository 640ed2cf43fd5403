import type { User } from '@quittance/contracts';
import { Stripe } from 'stripe';
import type { DemoCredentials, KnownCredentials } from './demo-credentials.ts';

type DemoCustomer = Pick<DemoCredentials['stripe'], 'customer' | 'paymentMethod'>;

const stripeAt = (sandboxUrl: string): Stripe => {
  const { hostname, port } = new URL(sandboxUrl);
  return new Stripe('sk_test_demo', { host: hostname, port, protocol: 'http', telemetry: false });
};

const isThere = (stripe: Stripe, { customer, paymentMethod }: DemoCustomer): Promise<boolean> =>
  stripe.paymentMethods.retrieve(paymentMethod).then(
    (method) => method.customer === customer,
    () => false,
  );

/** The demo user as a customer of emulated Stripe, with a card on record that always pays: the known one, or made. */
export const ensureDemoCustomer = async (
  sandboxUrl: string,
  { publicId, id, name, email }: User,
  { customer, paymentMethod }: Partial<NonNullable<KnownCredentials['stripe']>> = {},
): Promise<DemoCustomer> => {
  const stripe = stripeAt(sandboxUrl);
  if (customer !== undefined && paymentMethod !== undefined) {
    const known = { customer, paymentMethod };
    if (await isThere(stripe, known)) return known;
  }
  const made = await stripe.customers.create({
    name,
    ...(email !== null && { email }),
    payment_method: 'pm_card_visa',
    metadata: { quittance_user: publicId, user: String(id) },
  });
  const { data } = await stripe.customers.listPaymentMethods(made.id, { limit: 1 });
  const [card] = data;
  if (!card) throw new Error('The emulator attached no card to the demo customer');
  await stripe.customers.update(made.id, {
    invoice_settings: { default_payment_method: card.id },
  });
  return { customer: made.id, paymentMethod: card.id };
};
