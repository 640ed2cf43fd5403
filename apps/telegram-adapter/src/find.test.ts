import { json } from 'node:stream/consumers';
import type { FindInput } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import { listen, silentLogger, systemClock } from '@quittance/runtime';
import { fixtureText } from '@quittance/testing';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { withAdapter } from './adapter-under-test.ts';
import { createApp } from './app.ts';
import { eventually } from './people-under-test.ts';

const byRef = (ref: string, object: string | null): FindInput => ({
  by: 'ref',
  ref,
  object,
  hints: [],
  isUrgent: false,
});

test('a payment has the same evidence whether it was told or found', () =>
  withAdapter(async ({ provider, make, pay, webhooks }) => {
    const { ref, object } = await make();
    await pay(ref);
    const [webhook = { headers: {}, body: '' }] = await webhooks(ref);
    const told = await provider.receive(webhook);
    const found = await provider.find(byRef(ref, object));
    const withoutRaw = found.observations.map((one) => ({ ...one, raw: null }));
    expect(withoutRaw).toEqual(told.observations.map((one) => ({ ...one, raw: null })));
    expect(parseJson(found.observations[0]?.raw ?? '')).toMatchObject({ amount: 2050 });
  }));

test('an invoice that nobody has paid is open, as it was when it was opened', () =>
  withAdapter(async ({ provider, order, make, pay }) => {
    const { ref: other } = await make({ key: 'other', invoiceId: 2 });
    await pay(other);
    const { observation } = await provider.open(order());
    const ref = observation.ref ?? '';
    const { observations } = await provider.find(byRef(ref, observation.providerData));
    expect(observations).toEqual([observation]);
    expect(await provider.find(byRef(ref, null))).toEqual({ observations: [], customerRef: null });
  }));

test('what several people have paid for one invoice is all found', () =>
  withAdapter(async ({ provider, core, make, person }) => {
    const { ref, object } = await make();
    for (let payers = 0; payers < 2; payers += 1) {
      core.change(ref, { status: 'pending' });
      expect((await (await person()).payInChat(ref)).state).toBe('paid');
      await eventually(() => core.observations[payers]);
    }
    const { observations } = await provider.find(byRef(ref, object));
    const payers = observations.flatMap(({ facts }) =>
      facts.map((fact) => (fact.kind === 'payment' ? fact.payer : fact.kind)),
    );
    expect(new Set(payers).size).toBe(2);
  }));

test('payments are looked for from when the invoice was made, with room for clocks that differ', async () => {
  const at = 1_767_261_600;
  const ref = 'invoice-7QH2M0ZX4K9PB1TD';
  const source = { type: 'user', user: { id: 7 }, invoice_payload: ref };
  const transactions = Array.from({ length: 3_000 }, (_, index) => ({
    id: `stx${index}`,
    amount: 5,
    date: at + (index - 2_799) * 3_600,
    source: { ...source, invoice_payload: index === 2_799 ? ref : 'another' },
  }));
  const asked: number[] = [];
  const server = await listen(
    (request, response) => {
      void json(request).then((body) => {
        const { offset } = z.object({ offset: z.int() }).parse(body);
        asked.push(offset);
        const page = transactions.slice(offset, offset + 100);
        response.end(JSON.stringify({ ok: true, result: { transactions: page } }));
      });
    },
    { host: '127.0.0.1', port: 0 },
  );
  onTestFinished(() => server.close());
  await withAdapter(async ({ core, config, order, provider: real }) => {
    const { provider } = createApp({
      config: { ...config, TELEGRAM_API_URL: server.url },
      core,
      clock: systemClock,
      log: silentLogger,
    });
    // By the hub's clock it was paid before it was made.
    const createdAt = new Date((at + 500) * 1_000).toISOString();
    const { observation } = await real.open(order({ createdAt }));
    const object = (observation.providerData ?? '').replaceAll(observation.ref ?? '', ref);
    const { observations } = await provider.find(byRef(ref, object));
    expect(observations.map(({ evidenceId }) => evidenceId)).toEqual(['telegram:stx2799']);
    expect(asked.length).toBeLessThan(18);
  });
});

test('of what Telegram shows, withdrawals, gifts and other programs are nothing of ours', () =>
  withAdapter(async ({ provider, sandbox }) => {
    const body = fixtureText('telegram/answers/getStarTransactions.json');
    sandbox.answer('getStarTransactions', { body }, { body });
    const { observations } = await provider.find(byRef('invoice-7QH2M0ZX4K9PB1TD', null));
    const ids = observations.map(({ evidenceId, occurredAt }) => [evidenceId, occurredAt]);
    const charge = 'stxYk3Jm8Qf0aVb7Zp2LwR9tXc4Hn6Ds1Gu5Ei';
    expect(ids).toEqual([
      [`telegram:${charge}`, '2026-01-01T10:00:00.000Z'],
      [`telegram:refund:${charge}`, '2026-01-01T11:00:00.000Z'],
    ]);
  }));

test('of money by a provider Telegram cannot be asked: what is known is told, and nothing is asked', () =>
  withAdapter(
    async ({ provider, order, sandbox }) => {
      const money = { amount: 1250, currency: 'USD' };
      const { observation } = await provider.open(order({ money }));
      sandbox.calls.length = 0;
      const ref = observation.ref ?? '';
      const { observations } = await provider.find(byRef(ref, observation.providerData));
      expect(observations).toEqual([observation]);
      expect(sandbox.calls).toEqual([]);
    },
    { env: { TELEGRAM_PROVIDER_TOKEN: '284685063:TEST:NjZl' } },
  ));
