import { expect, test } from 'vitest';
import { createManualTime } from '../testing/manual-time.ts';
import { eventually } from '../testing/eventually.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { startHook } from './hook-under-test.ts';
import { startTelegram, username } from './telegram-under-test.ts';

test('bots, people, held payments and updates that wait survive a restart', async () => {
  using folder = temporaryFolder();
  await using hook = await startHook();
  const env = { DATA_DIR: folder.path };
  const time = createManualTime();

  const first = await startTelegram({ ...time, env });
  await first.api.setWebhook(hook.url, { secret_token: 'secret' });
  const { id } = await first.person();
  const link = await first.createLink();
  const paying = first.pay(id, { link, hold: true });
  await hook.arrived(1);
  const query = hook.received[0]?.update.pre_checkout_query?.id ?? '';
  await first.api.answerPreCheckoutQuery(query, true);
  expect(await paying).toMatchObject({ state: 'held' });
  hook.answerWith(() => ({ status: 500 }));
  await first.control('POST', `/users/${id}/messages`, { bot: username, text: 'hello' });
  await time.waitingFor(2_000);
  await first.close();

  hook.answerWith(() => ({ status: 200 }));
  const before = hook.received.length;
  await using second = await startTelegram({ ...time, env });
  expect((await second.chat(id)).messages.map(({ text }) => text)).toEqual(['hello']);
  expect(hook.received).toHaveLength(before);
  time.advance(2_000);
  await hook.arrived(before + 1);
  await second.control('POST', `/payments/${query}/release`);
  await hook.arrived(before + 2);
  expect(hook.told().slice(before)).toEqual(['hello', 'successful_payment']);
  expect(hook.received.at(-1)?.secret).toBe('secret');
  const ids = hook.received.map(({ update }) => update.update_id);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(await second.api.getMyStarBalance()).toEqual({ amount: 30 });
});

test('a payment that waits for its bot while the sandbox restarts still ends in time', async () => {
  using folder = temporaryFolder();
  const env = { DATA_DIR: folder.path };
  const time = createManualTime();
  const first = await startTelegram({ ...time, env });
  const { id } = await first.person();
  const link = await first.createLink();
  const { id: payment } = await first.pay(id, { link, wait: false });
  time.advance(4_000);
  await first.close();

  await using second = await startTelegram({ ...time, env });
  await time.waitingFor(6_000);
  expect(await second.control('GET', `/payments/${payment}`)).toMatchObject({ state: 'waiting' });
  time.advance(6_000);
  await eventually(async () => (await second.chat(id)).payments[0]?.state === 'expired');
  await expect(second.api.answerPreCheckoutQuery(payment, true)).rejects.toThrow(
    /query is too old/,
  );
});
