import { expect, test } from 'vitest';
import { createManualTime } from '../testing/manual-time.ts';
import { startHook } from './hook-under-test.ts';
import { startTelegram, token, username, type TelegramUnderTest } from './telegram-under-test.ts';

const write = (telegram: TelegramUnderTest, user: number, text: string): Promise<unknown> =>
  telegram.control('POST', `/users/${user}/messages`, { bot: username, text });

test.each([
  [{ retry_after_s: 30 }, 30],
  [{}, 1],
])('rate_limit with %j asks to wait %i seconds', async (settings, asked) => {
  await using telegram = await startTelegram();
  const match = 'POST /bot*/sendMessage';
  await telegram.started.putFaults({ ...settings, script: [{ fault: 'rate_limit', match }] });
  const answer = await fetch(`${telegram.url}/bot${token}/sendMessage`, { method: 'POST' });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, String(asked)]);
  expect(await answer.json()).toEqual({
    ok: false,
    error_code: 429,
    description: `Too Many Requests: retry after ${asked}`,
    parameters: { retry_after: asked },
  });
});

test.each([
  ['server_error', []],
  ['server_error_after', ['hello']],
])('%s answers 500, with %j executed', async (fault, said) => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  await write(telegram, id, '/start');
  const match = 'POST /bot*/sendMessage';
  await telegram.started.putFaults({ script: [{ fault, match }] });
  expect(await telegram.call('sendMessage', { chat_id: id, text: 'hello' })).toEqual({
    status: 500,
    body: { ok: false, error_code: 500, description: 'Internal Server Error' },
  });
  const { messages } = await telegram.chat(id);
  expect(messages.slice(1).map(({ text }) => text)).toEqual(said);
});

test('drop_after ends the connection with all executed', async () => {
  await using telegram = await startTelegram();
  const { id } = await telegram.person();
  await write(telegram, id, '/start');
  const match = 'POST /bot*/sendMessage';
  await telegram.started.putFaults({ script: [{ fault: 'drop_after', match }] });
  await expect(telegram.call('sendMessage', { chat_id: id, text: 'hello' })).rejects.toThrow();
  expect((await telegram.chat(id)).messages.at(-1)?.text).toBe('hello');
});

test('latency holds the answer back by the clock of the sandbox', async () => {
  const time = createManualTime();
  await using telegram = await startTelegram(time);
  await telegram.started.putFaults({ latency_ms: 250 });
  const slow = telegram.call('getMe');
  await time.waitingFor(250);
  time.advance(250);
  expect((await slow).status).toBe(200);
});

const withFault = async (fault: string, match = 'message') => {
  const time = createManualTime();
  const hook = await startHook();
  const telegram = await startTelegram(time);
  await telegram.api.setWebhook(hook.url, { secret_token: 'good' });
  await telegram.started.putFaults({ script: [{ fault, match }] });
  const { id } = await telegram.person();
  await write(telegram, id, 'one');
  return {
    time,
    hook,
    lastError: async () => (await telegram.api.getWebhookInfo()).last_error_message,
    next: () => write(telegram, id, 'two'),
    [Symbol.asyncDispose]: async () => {
      await telegram.close();
      await hook[Symbol.asyncDispose]();
    },
  };
};

test('webhook_duplicate sends the same update twice', async () => {
  await using run = await withFault('webhook_duplicate');
  await run.hook.arrived(2);
  expect(run.hook.received[0]?.update).toEqual(run.hook.received[1]?.update);
});

test('webhook_reorder sends after the next update, of the same person even', async () => {
  await using run = await withFault('webhook_reorder');
  await run.time.waitingFor(2_000);
  await run.next();
  await run.hook.arrived(2);
  expect(run.hook.told()).toEqual(['two', 'one']);
});

test('webhook_reorder sends in the end when nothing follows', async () => {
  await using run = await withFault('webhook_reorder');
  await run.time.waitingFor(2_000);
  run.time.advance(2_000);
  await run.hook.arrived(1);
});

test('webhook_delay sends later, and what follows waits', async () => {
  await using run = await withFault('webhook_delay');
  await run.time.waitingFor(2_000);
  await run.next();
  expect(run.hook.received).toEqual([]);
  run.time.advance(2_000);
  await run.hook.arrived(2);
  expect(run.hook.told()).toEqual(['one', 'two']);
});

test('webhook_drop sends only on the retry', async () => {
  await using run = await withFault('webhook_drop', 'm*');
  await run.hook.arrived(1);
  expect(run.hook.told()).toEqual(['one']);
  expect(await run.lastError()).toBe('Webhook connection closed');
});

test('webhook_bad_signature has another secret, and the good one follows once it is refused', async () => {
  await using run = await withFault('webhook_bad_signature');
  run.hook.answerWith(({ secret }) => ({ status: secret === 'good' ? 200 : 401 }));
  await run.hook.arrived(2);
  expect(run.hook.received[0]?.secret).not.toBe('good');
  expect(run.hook.received[1]?.secret).toBe('good');
});

test('a step of the script strikes the service messages alone', async () => {
  await using run = await withFault('webhook_drop', 'message:successful_payment');
  await run.hook.arrived(1);
  await run.next();
  await run.hook.arrived(2);
  expect(run.hook.told()).toEqual(['one', 'two']);
  expect(await run.lastError()).toBeUndefined();
});

test('the same seed and calls give the same faults', async () => {
  const run = async (seed: number): Promise<unknown> => {
    await using telegram = await startTelegram();
    const { id } = await telegram.person();
    await write(telegram, id, '/start');
    const probabilities = { rate_limit: 0.2, server_error: 0.2, drop_after: 0.2 };
    await telegram.started.putFaults({ seed, probabilities });
    const outcomes: unknown[] = [];
    for (let index = 0; index < 30; index += 1) {
      const answer = await telegram
        .call('sendMessage', { chat_id: id, text: `hello ${index}` })
        .catch(() => undefined);
      outcomes.push(answer?.status);
    }
    const { injected } = telegram.started.sandbox.faults.report();
    return { outcomes, faults: injected.map(({ at: _at, ...rest }) => rest) };
  };
  const first = await run(42);
  expect(await run(42)).toEqual(first);
  expect(await run(43)).not.toEqual(first);
});

test('faults of the webhook are decided by the seed too', async () => {
  const run = async (seed: number): Promise<unknown> => {
    await using hook = await startHook();
    await using telegram = await startTelegram();
    await telegram.api.setWebhook(hook.url);
    const { id } = await telegram.person();
    await telegram.started.putFaults({ seed, probabilities: { webhook_duplicate: 0.5 } });
    for (let index = 0; index < 20; index += 1) await write(telegram, id, `text ${index}`);
    await hook.arrived(20 + telegram.started.sandbox.faults.report().injected.length);
    return hook.told();
  };
  const first = await run(7);
  expect(await run(7)).toEqual(first);
  expect(await run(8)).not.toEqual(first);
});
