import { DomainError } from '@quittance/rpc';
import { createTestClock } from '@quittance/testing';
import type { Update } from 'grammy/types';
import { expect, test } from 'vitest';
import { openAdapter, type AdapterUnderTest } from '../adapter-under-test.ts';
import { eventually } from '../people-under-test.ts';
import { lanesOf, lifetimeEnd } from './update-lanes.ts';

const env = { TELEGRAM_MODE: 'polling' };

const withPolling = async (
  run: (adapter: AdapterUnderTest) => Promise<void>,
  options: Parameters<typeof openAdapter>[1] = {},
): Promise<void> => {
  const adapter = await openAdapter(undefined, { ...options, env });
  try {
    await run(adapter);
  } finally {
    await adapter.close();
  }
};

const countOf = ({ sandbox }: AdapterUnderTest, method: string): number =>
  sandbox.calls.filter(({ name }) => name === method).length;

test('a payer pays with no webhook anywhere, and is thanked', () =>
  withPolling(async ({ make, person, core, gateway }) => {
    const { ref } = await make();
    const payer = await person();
    expect((await payer.payInChat(ref)).state).toBe('paid');
    await eventually(() => core.observations[0]);
    expect(core.observations).toMatchObject([{ ref, facts: [{ kind: 'payment' }] }]);
    const thanks = await eventually(async () => (await payer.fromBot())[2]);
    expect(thanks.text).toMatch(/^Thank you/);
    expect(gateway.received).toEqual([]);
  }));

test('what the core refuses, the payer is told', () =>
  withPolling(async ({ make, person, core }) => {
    const { ref } = await make();
    const payer = await person({ language: 'ru' });
    const [, message] = await payer.ask(`/start ${ref}`, 2);
    core.change(ref, { status: 'canceled' });
    const bot = 'sandbox_7000000001_bot';
    const payment = await payer.pay({ bot, message_id: message?.message_id });
    expect(payment).toMatchObject({ state: 'refused', error: 'Этот счёт уже оплачен.' });
  }));

test('a webhook of before is taken away, since with one nothing can be asked for', async () => {
  const adapter = await openAdapter();
  const { app, sandbox } = adapter;
  expect(countOf(adapter, 'setWebhook')).toBe(1);
  await app.stop();
  await adapter.close();
  expect(sandbox.calls.some(({ name }) => name === 'deleteWebhook')).toBe(false);
  await withPolling(async (polling) => {
    await eventually(() => (countOf(polling, 'deleteWebhook') === 1 ? true : undefined));
    const somebody = await polling.person();
    await somebody.ask('/help');
    await somebody.ask('/help');
    expect(countOf(polling, 'deleteWebhook')).toBe(1);
  });
});

test('an update that cannot be taken is taken again, in its order, and no other waits for it', () =>
  withPolling(async ({ core, person, waits }) => {
    const seller = await person();
    core.addUser(seller.id);
    core.failures.push(
      new DomainError('unavailable', 'Restarting', { retryAfterMs: 5_000 }),
      new DomainError('outcome_unknown', 'Cut off'),
    );
    await seller.say('/setpin 1111');
    await seller.say('/setpin 2222');
    await eventually(async () => ((await seller.fromBot()).length === 2 ? true : undefined));
    expect(core.pins.get(seller.id)).toBe('2222');
    expect(waits).toEqual([5_000, 2_000]);
  }));

test('an update that can never be taken is passed over', () =>
  withPolling(async ({ core, person }) => {
    const somebody = await person();
    core.failures.push(new DomainError('invalid_request', 'What is this?'));
    await somebody.say('/terms');
    const [answer] = await somebody.ask('/help');
    expect(answer?.text).toContain('/paysupport');
    expect(await somebody.fromBot()).toHaveLength(1);
  }));

test('asking goes on when Telegram fails, later and later', () =>
  withPolling(async ({ sandbox, person, waits }) => {
    const down = { status: 502, body: 'Bad Gateway' };
    sandbox.answer('getUpdates', down, down);
    const somebody = await person();
    await somebody.ask('/help');
    await somebody.ask('/help');
    await eventually(() => (waits.length >= 2 ? true : undefined));
    expect(waits).toEqual([1_000, 2_000]);
    await somebody.ask('/help');
  }));

test('what was taken before a stop is not taken again after it', async () => {
  const adapter = await openAdapter(undefined, { env });
  const somebody = await adapter.person();
  await somebody.ask('/help');
  await adapter.app.stop();
  const last = adapter.sandbox.calls.filter(({ name }) => name === 'getUpdates').at(-1);
  expect(last?.body).toMatchObject({ limit: 1, timeout: 0, offset: expect.any(Number) });
  expect(last?.answer).toEqual({ ok: true, result: [] });
  await adapter.close();
});

test('what was not taken before a stop is still there after it', async () => {
  const adapter = await openAdapter(undefined, { env });
  const { core, app, sandbox } = adapter;
  const seller = await adapter.person();
  core.addUser(seller.id);
  for (let times = 0; times < 10_000; times += 1) {
    core.failures.push(new DomainError('unavailable', 'Down'));
  }
  await seller.say('/setpin 1111');
  await eventually(() => (adapter.waits.length > 2 ? true : undefined));
  await app.stop();
  const asked = sandbox.calls.filter(({ name }) => name === 'getUpdates');
  expect(asked.every(({ body }) => body['offset'] === 0)).toBe(true);
  await adapter.close();
});

const person = { id: 1, is_bot: false, first_name: 'Ada' };
const message = (update_id: number, id: number): Update => ({
  update_id,
  message: {
    message_id: update_id,
    date: 1_767_261_600,
    chat: { id, type: 'private', first_name: 'Ada' },
    from: { ...person, id },
    text: 'Hello',
  },
});
const question = (update_id: number, id: number): Update => ({
  update_id,
  pre_checkout_query: {
    id: String(update_id),
    from: { ...person, id },
    currency: 'XTR',
    total_amount: 1,
    invoice_payload: 'x',
  },
});

test('each person’s updates keep their order; questions about payments wait for no chat', () => {
  const updates = [message(1, 7), message(2, 8), question(3, 7), message(4, 7), question(5, 7)];
  const lanes = lanesOf(updates).map((lane) => lane.map(({ update_id: id }) => id));
  expect(lanes).toEqual([[1, 4], [2], [3, 5]]);
});

test('a message lives for a day after it was written, a question for 150 s', () => {
  const seenAt = createTestClock().now();
  expect(lifetimeEnd(message(1, 7), seenAt)).toBe((1_767_261_600 + 86_400) * 1_000);
  expect(lifetimeEnd(question(1, 7), seenAt)).toBe(seenAt + 150_000);
});
