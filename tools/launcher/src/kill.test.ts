import { Seed000Created, Seed000Found } from '@quittance/contracts/seed-000';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { type KillableHub, openKillableHub, type Strike } from './killable-hub-under-test.ts';
import { type RunningServices, startServices } from './services.ts';

let hub: KillableHub;

beforeEach(async () => {
  hub = await openKillableHub();
});

afterEach(() => hub.close());

const statusOf = async (id: number): Promise<string> => {
  const response = await hub.call(`/v1/invoice/${id}`);
  return Seed000Found.parse(await response.json()).data.invoice.status;
};

interface Books {
  invoices: { id: number; status: string; provider_ref: string | null }[];
  events: string[];
  intents: { id: string; invoice: string | undefined }[];
  customers: number;
}

/** What we hold and what Stripe holds. */
const books = async (): Promise<Books> => {
  const invoices = hub.rows<Books['invoices'][number]>(
    'select id, status, provider_ref from invoices order by id',
  );
  const events = hub
    .rows<{ event: string }>(
      "select invoice_id || ':' || seq || ' ' || type as event from events order by position",
    )
    .map(({ event }) => event);
  const intents = await hub.stripe.paymentIntents.list({ limit: 100 });
  return {
    invoices,
    events,
    intents: intents.data.map(({ id, metadata }) => ({ id, invoice: metadata.invoice_id })),
    customers: (await hub.stripe.customers.list()).data.length,
  };
};

const expectOneOfEach = async (): Promise<void> => {
  const { invoices, events, intents, customers } = await books();
  expect(intents).toHaveLength(1);
  expect(invoices).toEqual([{ id: 1, status: 'pending', provider_ref: intents[0]?.id }]);
  expect(events).toEqual(['1:1 invoice.created', '1:2 invoice.opened']);
  expect(customers).toBe(1);
};

const steps: Record<string, Strike> = {
  'the invoice is stored and Stripe not asked yet': {
    target: 'GET /v1/customers/search',
    moment: 'before',
  },
  'the customer is being made': { target: 'POST /v1/customers', moment: 'before' },
  'the customer was made': { target: 'POST /v1/customers', moment: 'after' },
  'the PaymentIntent is being made': { target: 'POST /v1/payment_intents', moment: 'before' },
  'the PaymentIntent was made': { target: 'POST /v1/payment_intents', moment: 'after' },
};

describe.each(Object.entries(steps))('kill -9 when %s', (_title, strike) => {
  test('with a key: the retry after the restart gets the one invoice', async () => {
    await hub.start();
    hub.strikeOn(strike);
    await expect(hub.create('k')).rejects.toThrow('fetch failed');

    await hub.start();
    const retried = await hub.create('k');
    expect(retried.status).toBe(201);
    expect(Seed000Created.parse(await retried.json()).data.invoice.id).toBe(1);
    await expectOneOfEach();
  });

  test('without a key: the restarted hub finishes it by itself, and it can be paid', async () => {
    await hub.start();
    hub.strikeOn(strike);
    await expect(hub.create()).rejects.toThrow('fetch failed');

    await hub.start();
    await expect
      .poll(async () => (await books()).invoices[0]?.status, { timeout: 10_000 })
      .toBe('pending');
    await expectOneOfEach();

    const [intent] = (await books()).intents;
    await hub.stripe.paymentIntents.confirm(intent?.id ?? '', { payment_method: 'pm_card_visa' });
    await expect.poll(() => statusOf(1), { timeout: 10_000 }).toBe('paid');
  });
});

test('kill -9 when the answer is stored but not sent: the retry gets it', async () => {
  await hub.start();
  const isOpen = () => hub.rows("select 1 from invoices where status = 'pending'").length > 0;
  const answer = hub.create('k').catch(() => undefined);
  while (!isOpen()) await new Promise((resolve) => setImmediate(resolve));
  hub.kill();
  await answer;

  await hub.start();
  expect((await hub.create('k')).status).toBe(201);
  await expectOneOfEach();
});

test('kill -9 at random moments of many creates: one PaymentIntent for each invoice, none lost', async () => {
  const delays = [1, 5, 12, 25, 40, 60];
  for (const [round, delay] of delays.entries()) {
    await hub.start();
    const answers = Array.from({ length: 10 }, (_, index) =>
      hub.create(`${round}-${index}`).catch(() => undefined),
    );
    setTimeout(hub.kill, delay);
    await Promise.all(answers);
    await hub.dead();
  }
  await hub.start();
  const retried = await Promise.all(
    delays.flatMap((_, round) =>
      Array.from({ length: 10 }, (_x, n) => hub.create(`${round}-${n}`)),
    ),
  );
  expect(new Set(retried.map(({ status }) => status))).toEqual(new Set([201]));
  const { invoices, intents, customers } = await books();
  expect(invoices).toHaveLength(60);
  expect(new Set(invoices.map(({ status }) => status))).toEqual(new Set(['pending']));
  expect(intents).toHaveLength(60);
  expect(new Set(intents.map(({ id }) => id))).toEqual(
    new Set(invoices.map(({ provider_ref }) => provider_ref)),
  );
  expect(customers).toBe(1);
}, 60_000);

test('kill -9 when a webhook comes in: it is delivered again and counts once', async () => {
  await hub.start();
  const { providerData } = Seed000Created.parse(await (await hub.create('k')).json()).data.invoice;
  const [intent] = (await books()).intents;
  expect(providerData).toContain(intent?.id);
  hub.kill();
  await hub.dead();
  await hub.stripe.paymentIntents.confirm(intent?.id ?? '', { payment_method: 'pm_card_visa' });

  await hub.start();
  await expect.poll(() => statusOf(1), { timeout: 15_000 }).toBe('paid');
  expect((await books()).events).toEqual([
    '1:1 invoice.created',
    '1:2 invoice.opened',
    '1:3 invoice.paid',
  ]);
}, 30_000);

describe('as services', () => {
  let services: RunningServices;
  beforeEach(async () => {
    services = await startServices(loadConfig(hub.env), { ...process.env, ...hub.env });
  });
  afterEach(() => services.close());

  test.each(['invoice-core', 'stripe-adapter'] as const)(
    'kill -9 of %s in the middle of a create: the client is told the truth, and the key settles it',
    async (name) => {
      hub.strikeOn({ target: 'POST /v1/payment_intents', moment: 'after' }, () => {
        const pid = services.services[name]?.pid;
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      });
      expect((await hub.create('k')).status).toBe(504);
      await expect.poll(async () => (await hub.create('k')).status, { timeout: 10_000 }).toBe(201);
      await expectOneOfEach();
    },
  );
});
