import type { RefundInput } from '@quittance/contracts';
import { expect, test } from 'vitest';
import { withAdapter, type AdapterUnderTest } from './adapter-under-test.ts';
import { fieldOf } from './field-under-test.ts';

/** A payment of 150 Stars, as a refund of it is asked for. */
const paid = async (adapter: AdapterUnderTest) => {
  const { ref } = await adapter.make({ money: { amount: 150, currency: 'XTR' } });
  const payer = await adapter.person({ stars: 200 });
  const { telegram_payment_charge_id: chargeId } = await payer.payInChat(ref);
  const input: RefundInput = {
    ref,
    payment: { ref: chargeId ?? '', payer: String(payer.id) },
    key: 'refund-1',
    money: { amount: 150, currency: 'XTR' },
    mayBeDone: false,
  };
  return { input, payer };
};

const starsOf = async ({ sandbox }: AdapterUnderTest, id: number): Promise<unknown> =>
  fieldOf(await sandbox.control('GET', `/telegram/users/${id}`), 'stars');

test('Stars go back to who paid them, as the same evidence from the call, the webhook and a look', () =>
  withAdapter(async (adapter) => {
    const { provider, webhooks } = adapter;
    const { input, payer } = await paid(adapter);
    expect(await starsOf(adapter, payer.id)).toBe(50);
    const { evidenceId, facts } = await provider.refund(input);
    expect(await starsOf(adapter, payer.id)).toBe(200);

    const chargeId = input.payment?.ref;
    expect(evidenceId).toBe(`telegram:refund:${chargeId}`);
    expect(facts).toEqual([
      { kind: 'refund', ref: `refund:${chargeId}`, money: input.money, state: 'succeeded' },
    ]);
    const { observations } = await provider.find({
      by: 'ref',
      ref: input.ref,
      object: null,
      hints: [],
      isUrgent: false,
    });
    expect(observations[1]).toMatchObject({ evidenceId, facts });
    let told = await webhooks(input.ref);
    while (told.length < 2) told = await webhooks(input.ref);
    const received = await provider.receive(told[1] ?? { headers: {}, body: '' });
    expect(received.observations).toMatchObject([{ evidenceId, facts }]);
  }));

test('a refund whose answer was lost is unknown, and done when asked again', () =>
  withAdapter(async (adapter) => {
    const { provider, sandbox } = adapter;
    const { input, payer } = await paid(adapter);
    await sandbox.fail('POST /*/refundStarPayment', 'drop_after');
    await expect(provider.refund(input)).rejects.toMatchObject({ code: 'outcome_unknown' });
    const { facts } = await provider.refund({ ...input, mayBeDone: true });
    expect(facts).toMatchObject([{ kind: 'refund', state: 'succeeded' }]);
    expect(await starsOf(adapter, payer.id)).toBe(200);
  }));

test('what nobody has paid, or another has, cannot be given back', () =>
  withAdapter(async (adapter) => {
    const { provider } = adapter;
    const { input, payer } = await paid(adapter);
    for (const payment of [
      { ref: 'stxNobody', payer: String(payer.id) },
      { ref: input.payment?.ref ?? '', payer: '1' },
    ]) {
      await expect(provider.refund({ ...input, payment })).rejects.toMatchObject({
        code: 'provider_refused',
        message: expect.stringMatching(/Bad Request/),
      });
    }
  }));

test.each([
  ['money that is no Stars', { money: { amount: 1250, currency: 'USD' } }],
  ['money that came in parts', { payment: null }],
  ['a payment of nobody', { payment: { ref: 'stx1', payer: null } }],
])('%s is refused without asking Telegram', (_title, changes) =>
  withAdapter(async (adapter) => {
    const { provider, sandbox } = adapter;
    const { input } = await paid(adapter);
    sandbox.calls.length = 0;
    await expect(provider.refund({ ...input, ...changes })).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringMatching(/Telegram gives back/),
    });
    expect(sandbox.calls).toEqual([]);
  }),
);
