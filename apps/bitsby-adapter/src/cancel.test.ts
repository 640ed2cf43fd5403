import { expect, test } from 'vitest';
import { type AdapterUnderTest, apiKey, withAdapter } from './adapter-under-test.ts';
import { dataOf, pageOf } from './read-under-test.ts';

const cancel = ({ provider }: AdapterUnderTest, ref: string, object: string | null = null) =>
  provider.act({ ref, object, key: 'cancel-1', act: { kind: 'cancel' } });

test('an invoice that somebody has opened is not canceled, and Bitsby says why', () =>
  withAdapter(async (adapter) => {
    const { provider, order, calls } = adapter;
    const { observation } = await provider.open(order());
    const { ref } = observation;
    await fetch(pageOf(observation));
    calls.length = 0;
    await expect(cancel(adapter, ref ?? '')).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining('page was opened'),
      refusal: { status: 200 },
    });
    expect(calls).toEqual(['/invoices/cancel', '/invoices/list']);
  }));

test.each(['drop_after', 'hang_after', 'server_error_after'])(
  'a cancel by %s is unknown; asked again, it is done',
  (fault) =>
    withAdapter(
      async (adapter) => {
        const { provider, order, fail } = adapter;
        const { ref, providerData } = (await provider.open(order())).observation;
        await fail('POST /invoices/cancel', fault);
        const canceled = cancel(adapter, ref ?? '', providerData);
        await expect(canceled).rejects.toMatchObject({ code: 'outcome_unknown' });
        const again = await cancel(adapter, ref ?? '', providerData);
        expect(again).toMatchObject({ ref, facts: [{ state: 'canceled' }, { kind: 'ends' }] });
        expect(dataOf(again)).toMatchObject({
          status: 'canceled',
          url: expect.any(String),
          wallets: expect.any(Array),
        });
      },
      { timeoutMs: 300 },
    ),
);

test('what has expired meanwhile has ended', () => {
  let now = 1_800_000_000_000;
  return withAdapter(
    async (adapter) => {
      const { ref } = (await adapter.provider.open(adapter.order())).observation;
      now += 6 * 3_600_000;
      const { facts } = await cancel(adapter, ref ?? '');
      expect(facts).toMatchObject([{ kind: 'progress', state: 'expired' }, { kind: 'ends' }]);
    },
    { clock: () => now },
  );
});

test('what was canceled had not expired, however late that is seen', () => {
  let now = 1_800_000_000_000;
  return withAdapter(
    async ({ provider, order, url }) => {
      const ref = (await provider.open(order())).observation.ref ?? '';
      const body = new URLSearchParams({ invoiceId: ref });
      const headers = { authorization: `Token ${apiKey}` };
      await fetch(`${url}/invoices/cancel`, { method: 'POST', headers, body });
      const seen = async () =>
        (await provider.find({ by: 'ref', ref, object: null, hints: [], isUrgent: false }))
          .observations[0];
      now += 60_000;
      expect((await seen())?.occurredAt).toBe(new Date(now).toISOString());
      const endsAt = 1_800_000_000_000 + 6 * 3_600_000;
      now = endsAt + 60_000;
      expect(await seen()).toMatchObject({
        facts: [{ kind: 'progress', state: 'canceled' }, { kind: 'ends' }],
        occurredAt: new Date(endsAt - 1).toISOString(),
      });
    },
    { clock: () => now },
  );
});

test('what is known of its payments stays known', () =>
  withAdapter(async (adapter) => {
    const ref = (await adapter.provider.open(adapter.order())).observation.ref ?? '';
    const payments = [{ id: 'p1', amount: '1.00', transactionDatetime: '2026-01-01 12:00:00' }];
    const object = JSON.stringify({ url: 'https://x', status: 'unpaid', payments });
    const canceled = await cancel(adapter, ref, object);
    expect(dataOf(canceled)).toEqual({ url: 'https://x', status: 'canceled', payments });
  }));

test('an invoice that nobody knows cannot be canceled', () =>
  withAdapter(async (adapter) => {
    await expect(cancel(adapter, adapter.unknownRef ?? '')).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining('not found'),
    });
  }));

test('that the reason for a refusal cannot be seen now leaves the cancel to be tried again', () =>
  withAdapter(async (adapter) => {
    const { provider, order, pay, fail } = adapter;
    const { ref } = (await provider.open(order())).observation;
    await pay(ref ?? '');
    await fail('POST /invoices/list', 'server_error');
    await expect(cancel(adapter, ref ?? '')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(cancel(adapter, ref ?? '')).rejects.toMatchObject({ code: 'provider_refused' });
  }));

test('it is canceled and nothing else', () =>
  withAdapter(async ({ provider, order, calls }) => {
    const ref = (await provider.open(order())).observation.ref ?? '';
    for (const kind of ['finalize', 'send', 'void', 'mark_uncollectible'] as const) {
      await expect(
        provider.act({ ref, object: null, key: `act-${kind}`, act: { kind } }),
      ).rejects.toMatchObject({
        code: 'provider_refused',
        message: expect.stringContaining(kind),
        refusal: undefined,
      });
    }
    expect(calls).toEqual(['/invoices/create']);
  }));
