import { parseJson } from '@quittance/rpc';
import type { Observation, ProviderAct } from '@quittance/contracts';
import { openInput } from '@quittance/testing';
import { expect, test } from 'vitest';
import type { AdapterUnderTest } from './adapter-under-test.ts';
import { customerOf, invoiceOptions, withInvoiceAdapter } from './invoice-under-test.ts';

type Options = Partial<typeof invoiceOptions>;

const opened = async ({ provider }: AdapterUnderTest, options: Options = {}): Promise<string> => {
  const { observation } = await provider.open(openInput({ ...invoiceOptions, ...options }));
  return observation.ref ?? '';
};

const progressOf = ({ facts }: Observation) => facts.find((fact) => fact.kind === 'progress');

const doing =
  ({ provider }: AdapterUnderTest, ref: string) =>
  (act: ProviderAct, key = `act-${act.kind}`) =>
    provider.act({ ref, object: null, key, act });

const pay = { kind: 'pay', paymentMethod: null, outOfBand: false } as const;

const attached = async ({ stripe }: AdapterUnderTest, ref: string, card: string) => {
  const customer = await customerOf(stripe, ref);
  return (await stripe.paymentMethods.attach(card, { customer })).id;
};

test('a draft is finalized, and collects itself from then on', () =>
  withInvoiceAdapter(async (adapter) => {
    const ref = await opened(adapter, { draft: true });
    const observation = await doing(adapter, ref)({ kind: 'finalize' });
    const invoice = await adapter.stripe.invoices.retrieve(ref);
    expect(invoice).toMatchObject({ status: 'open', auto_advance: true });
    expect(progressOf(observation)).toMatchObject({ state: 'awaiting' });
    const shown = await adapter.stripe.invoices.retrieve(invoice.id, { expand: ['payments'] });
    expect(parseJson(observation.providerData ?? '')).toEqual(parseJson(JSON.stringify(shown)));
  }));

test('it is paid with a payment method of the customer', () =>
  withInvoiceAdapter(async (adapter) => {
    const ref = await opened(adapter);
    const paymentMethod = await attached(adapter, ref, 'pm_card_visa');
    const { facts, aliases } = await doing(adapter, ref)({ ...pay, paymentMethod });
    const money = { amount: 2050, currency: 'USD' };
    const [intent] = aliases ?? [];
    expect(facts).toMatchObject([
      { kind: 'progress', state: 'settled' },
      { kind: 'owed', money },
      { kind: 'received', ref, money, paidAt: expect.any(String) },
      { kind: 'payment', ref: intent, money, paidAt: expect.any(String) },
    ]);
  }));

test('what was paid out of band is in the total, and no payment of Stripe’s', () =>
  withInvoiceAdapter(async (adapter) => {
    const ref = await opened(adapter);
    const { facts } = await doing(adapter, ref)({ ...pay, outOfBand: true });
    const money = { amount: 2050, currency: 'USD' };
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'received', ref, money }));
    expect(facts).not.toContainEqual(expect.objectContaining({ kind: 'payment' }));
  }));

test('a declined card is a refusal, after which the invoice is as payable as before', () =>
  withInvoiceAdapter(async (adapter) => {
    const ref = await opened(adapter);
    const paymentMethod = await attached(adapter, ref, 'pm_card_chargeCustomerFail');
    await expect(doing(adapter, ref)({ ...pay, paymentMethod })).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringMatching(/declined/i),
      refusal: { status: 402, code: 'card_declined' },
    });
    const { observations } = await adapter.provider.find({
      by: 'ref',
      ref,
      object: null,
      hints: [],
      isUrgent: false,
    });
    expect(observations.map(progressOf)).toEqual([
      { kind: 'progress', state: 'attempt_failed', reason: expect.stringMatching(/declined/i) },
    ]);
  }));

test('a card that wants the payer is a refusal, and the invoice waits for the payer', () =>
  withInvoiceAdapter(async (adapter) => {
    const ref = await opened(adapter);
    const paymentMethod = await attached(adapter, ref, 'pm_card_authenticationRequired');
    await expect(doing(adapter, ref)({ ...pay, paymentMethod })).rejects.toMatchObject({
      code: 'provider_refused',
      refusal: { status: 402 },
    });
    const received = await Promise.all(
      (await adapter.webhooks(ref)).map((webhook) => adapter.provider.receive(webhook)),
    );
    const states = received.flatMap(({ observations }) =>
      observations.flatMap((one) => progressOf(one)?.state ?? []),
    );
    expect(states).toContain('action_required');
    const { observations } = await adapter.provider.find({
      by: 'ref',
      ref,
      object: null,
      hints: [],
      isUrgent: false,
    });
    expect(observations.map(progressOf)).toMatchObject([{ state: 'action_required' }]);
  }));

test('it is sent, voided and written off', () =>
  withInvoiceAdapter(async (adapter) => {
    const { stripe } = adapter;
    const ref = await opened(adapter, { due: { kind: 'days', days: 7 } });
    const act = doing(adapter, ref);
    expect(progressOf(await act({ kind: 'send' }))).toMatchObject({ state: 'awaiting' });
    expect((await stripe.events.list({ type: 'invoice.sent' })).data).toHaveLength(2);
    expect(progressOf(await act({ kind: 'mark_uncollectible' }))).toMatchObject({
      state: 'uncollectible',
    });
    expect(progressOf(await act({ kind: 'void' }))).toMatchObject({ state: 'canceled' });
    expect(await stripe.invoices.retrieve(ref)).toMatchObject({ status: 'void' });
  }));

const cancel = { kind: 'cancel' } as const;

test('cancel deletes a draft, also when that was done already', () =>
  withInvoiceAdapter(async (adapter) => {
    const ref = await opened(adapter, { draft: true });
    const first = await doing(adapter, ref)(cancel);
    expect(first.facts).toEqual([{ kind: 'progress', state: 'canceled', reason: 'deleted' }]);
    expect((await adapter.stripe.invoices.list()).data).toEqual([]);
    const { facts, evidenceId } = await doing(adapter, ref)(cancel);
    expect({ facts, evidenceId }).toEqual({ facts: first.facts, evidenceId: first.evidenceId });
    expect(
      (await adapter.provider.find({ by: 'ref', ref, object: null, hints: [], isUrgent: false }))
        .observations,
    ).toMatchObject([{ ref, facts: first.facts }]);
  }));

test('cancel voids an open and an uncollectible one, and what is void is done', () =>
  withInvoiceAdapter(async (adapter) => {
    const { stripe } = adapter;
    const ref = await opened(adapter);
    const act = doing(adapter, ref);
    await act({ kind: 'mark_uncollectible' });
    for (const key of ['cancel-1', 'cancel-1', 'cancel-2']) {
      expect(progressOf(await act(cancel, key))).toMatchObject({ state: 'canceled' });
    }
    expect((await stripe.events.list({ type: 'invoice.voided' })).data).toHaveLength(1);
  }));

test('what Stripe does not do is refused in its words', () =>
  withInvoiceAdapter(async (adapter) => {
    const ref = await opened(adapter);
    const act = doing(adapter, ref);
    const refused = { code: 'provider_refused', refusal: { status: 400 } };
    await expect(act({ kind: 'finalize' })).rejects.toMatchObject(refused);
    await expect(act({ ...pay, paymentMethod: 'pm_of_nobody' })).rejects.toMatchObject({
      ...refused,
      refusal: { status: 400, code: 'resource_missing', param: 'payment_method' },
    });
    await adapter.pay(ref);
    for (const kind of ['cancel', 'void', 'mark_uncollectible'] as const) {
      await expect(act({ kind }, `late-${kind}`)).rejects.toMatchObject(refused);
    }
    await expect(act(pay, 'late-pay')).rejects.toMatchObject(refused);
  }));

test('nobody else’s invoice is acted on', () =>
  withInvoiceAdapter(async (adapter) => {
    await expect(doing(adapter, 'in_unknown')({ kind: 'void' })).rejects.toMatchObject({
      code: 'provider_refused',
      refusal: { status: 404, code: 'resource_missing' },
    });
  }));

test.each([
  ['finalize', { draft: true }, 'invoice.finalized', 'finalize'],
  ['pay', {}, 'invoice.paid', 'pay'],
  ['send', { due: { kind: 'days', days: 7 } }, 'invoice.sent', 'send'],
  ['void', {}, 'invoice.voided', 'void'],
  ['mark_uncollectible', {}, 'invoice.marked_uncollectible', 'mark_uncollectible'],
] as const)(
  '%s whose answer was lost is done once, when asked again',
  (kind, options, type, path) =>
    withInvoiceAdapter(async (adapter) => {
      const { stripe, fail } = adapter;
      const ref = await opened(adapter, options);
      const count = async () => (await stripe.events.list({ type })).data.length;
      const before = await count();
      await fail(`POST /v1/invoices/${ref}/${path}`, 'drop_after', 'drop_after', 'drop_after');
      const act = () =>
        doing(adapter, ref)(kind === 'pay' ? { ...pay, outOfBand: true } : { kind });
      await expect(act()).rejects.toMatchObject({ code: 'outcome_unknown' });
      await act();
      expect(await count()).toBe(before + 1);
    }),
);

test.each(['server_error', 'server_error_after'])('%s, kept under the key, is got over', (fault) =>
  withInvoiceAdapter(async (adapter) => {
    const ref = await opened(adapter);
    await adapter.fail(`POST /v1/invoices/${ref}/void`, fault);
    expect(progressOf(await doing(adapter, ref)(cancel))).toMatchObject({ state: 'canceled' });
  }),
);

test.each(['drop_before', 'drop_after'])('a deletion that ends in %s is done in the end', (fault) =>
  withInvoiceAdapter(async (adapter) => {
    const ref = await opened(adapter, { draft: true });
    await adapter.fail(`DELETE /v1/invoices/${ref}`, fault, fault, fault);
    const act = () => doing(adapter, ref)(cancel);
    expect(progressOf(await act().catch(act))).toMatchObject({ state: 'canceled' });
  }),
);
