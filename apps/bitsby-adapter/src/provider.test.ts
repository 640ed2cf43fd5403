import { expect, test } from 'vitest';
import { type AdapterUnderTest, withAdapter } from './adapter-under-test.ts';
import { dataOf, pageOf } from './read-under-test.ts';

const find = async ({ provider }: AdapterUnderTest, ref: string, object: string | null = null) =>
  (await provider.find({ by: 'ref', ref, object, hints: [], isUrgent: false })).observations[0];

test('the invoice is what was asked for', () =>
  withAdapter(async ({ provider, order, invoices, projectRef }) => {
    const money = { amount: 123_456_789_01, currency: 'RUB' };
    const description = 'Größe "M"\nzwei';
    const { observation } = await provider.open({ ...order(7, '{"a":1}'), money, description });
    const [made] = await invoices();
    expect(made?.invoice).toMatchObject({
      id: observation.ref,
      projectId: projectRef,
      amountFiat: '123456789.01',
      currencyFiat: 'RUB',
      description: 'Größe "M"\r\nzwei',
      serviceData: '{"quittance":"test-invoice-7","data":"{\\"a\\":1}"}',
      status: 'unpaid',
    });
  }));

test.each([0.5, 1, 3, 6, 12] as const)('it ends after %s hours', (timeToPay) =>
  withAdapter(
    async ({ provider, order }) => {
      const options = { provider: 'bitsby', flow: 'bitsby.invoice', timeToPay } as const;
      const { observation } = await provider.open({ ...order(), options, description: null });
      const ends = observation.facts.find(({ kind }) => kind === 'ends');
      expect(ends).toEqual({
        kind: 'ends',
        time: new Date(1_800_000_000_000 + timeToPay * 3_600_000).toISOString(),
      });
    },
    { clock: () => 1_800_000_000_000 },
  ),
);

test('what Bitsby has no invoice for is refused before anything is sent', () =>
  withAdapter(async ({ provider, order, calls }) => {
    const options = { provider: 'stripe', flow: 'stripe.payment_intent' } as const;
    for (const change of [{ options }, { projectRef: null }]) {
      await expect(provider.open({ ...order(), ...change })).rejects.toMatchObject({
        code: 'provider_refused',
        refusal: undefined,
      });
    }
    const found = await provider.find({ by: 'open', open: { ...order(), projectRef: null } });
    expect(found.observations).toEqual([]);
    expect(calls).toEqual([]);
  }));

test('a negative balance refuses, in Bitsby’s words', () =>
  withAdapter(async ({ provider, order, failNextOpen }) => {
    await failNextOpen('refused');
    await expect(provider.open(order())).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining('balance is negative'),
      refusal: { status: 200, code: null, param: null },
    });
  }));

test('what the create told stays when the lists say less', () =>
  withAdapter(async (adapter) => {
    const { provider, order, payWith } = adapter;
    const { observation } = await provider.open(order());
    const ref = observation.ref ?? '';
    const created = dataOf(observation);
    expect(created).toMatchObject({ url: expect.any(String), wallets: expect.any(Array) });

    const unpaid = await find(adapter, ref, observation.providerData);
    expect(dataOf(unpaid)).toMatchObject({
      ...created,
      status: 'unpaid',
      amountFiat: '20.50',
      views: 0,
    });
    expect(dataOf(unpaid)).not.toHaveProperty('payments');

    await payWith(ref, { amount: 'exact' });
    const paid = await find(adapter, ref, unpaid?.providerData);
    expect(dataOf(paid)).toMatchObject({
      ...created,
      status: 'paid',
      payments: [{ hash: expect.any(String), wallet: { name: expect.any(String) } }],
    });
    const later = await find(adapter, ref, paid?.providerData);
    expect(dataOf(later)).toEqual(dataOf(paid));
    expect(later?.facts).toEqual(paid?.facts);
    expect(later?.evidenceId).not.toBe(paid?.evidenceId);
  }));

test('an invoice whose create was never answered can be paid at its page all the same', () =>
  withAdapter(async ({ provider, order, fail, url }) => {
    await fail('POST /invoices/create', 'drop_after');
    const open = order();
    await expect(provider.open(open)).rejects.toMatchObject({ code: 'outcome_unknown' });
    const { observations } = await provider.find({ by: 'open', open });
    const page = pageOf(observations[0]);
    expect(page).toMatch(new RegExp(`^${url}/invoices/pay/\\w+$`));
    expect((await fetch(page)).status).toBe(200);
  }));

test('it expires by itself, and can be paid after that', () => {
  let now = 1_800_000_000_000;
  return withAdapter(
    async (adapter) => {
      const { provider, order, payWith } = adapter;
      const ref = (await provider.open(order())).observation.ref ?? '';
      now += 6 * 3_600_000;
      expect((await find(adapter, ref))?.facts).toMatchObject([
        { kind: 'progress', state: 'expired' },
        { kind: 'ends', time: new Date(now).toISOString() },
      ]);
      now += 3_600_000;
      await payWith(ref, { amount: 'exact', bind: true });
      const paidAt = new Date(now).toISOString();
      now += 3_600_000;
      expect((await find(adapter, ref))?.facts).toMatchObject([
        { kind: 'ends' },
        { kind: 'progress', state: 'settled' },
        { kind: 'payment', paidAt },
      ]);
    },
    { clock: () => now },
  );
});

test('what it can do is told as data', () =>
  withAdapter(async ({ provider }) => {
    const limits = { max: 9_999_999_999, step: 1 };
    expect(await provider.describe()).toEqual({
      provider: 'bitsby',
      flows: [
        {
          flow: 'bitsby.invoice',
          currencies: { USD: limits, EUR: limits, RUB: limits },
          acts: ['cancel'],
          refund: 'none',
          settledBy: 'policy',
          expire: true,
          watchMs: 604_800_000,
          needsProject: true,
          doubtMs: 60_000,
        },
      ],
      webhookAuthenticated: false,
      pace: { everyMs: 1_000, patienceMs: 15_000 },
      reachable: true,
    });
  }));
