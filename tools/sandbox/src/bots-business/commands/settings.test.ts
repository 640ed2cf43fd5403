import { expect, test } from 'vitest';
import { seller, startBbp } from '../bbp-under-test.ts';

const who = { userId: seller.id, pin: seller.pin };
const required = '❌ userId and pin parameters are required.';
const unset = '❌ Your pin is not set. Please set your pin using /setPin <6-digit pin>.';
const incorrect = '❌ Incorrect PIN. Use /myPin to retrieve it.';

test('shows what was never set, and then what was set as it was sent', async () => {
  await using bbp = await startBbp();
  expect(await bbp.ask('settings', who)).toEqual({
    status: 'success',
    acceptRequest: false,
    webhook: 'Set now',
    transactionAnnounce: false,
    pin: '123456',
  });
  const changed = await bbp.get('update-settings', {
    userId: String(seller.id),
    pin: seller.pin,
    acceptRequest: 'true',
    newWebhook: '  http://127.0.0.1:1/hook ',
  });
  expect(await changed.json()).toEqual({
    status: 'success',
    msg: '✅ Settings updated successfully.',
  });
  await bbp.ask('update-settings', { ...who, transactionAnnounce: true, newWebhook: '' });
  expect(await bbp.ask('settings', who)).toEqual({
    status: 'success',
    acceptRequest: 'true',
    webhook: 'http://127.0.0.1:1/hook',
    transactionAnnounce: true,
    pin: '123456',
  });
});

test.each(['settings', 'update-settings'])('%s asks for the PIN', async (command) => {
  await using bbp = await startBbp();
  const refusals = [
    [{}, required],
    [{ userId: seller.id }, required],
    [{ userId: 1, pin: '1234' }, unset],
    [{ userId: seller.id, pin: 123_456 }, incorrect],
  ] as const;
  for (const [params, msg] of refusals) {
    const answer = await bbp.post(command, params);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'error', msg }]);
  }
});

test('a webhook that is no URL changes nothing', async () => {
  await using bbp = await startBbp();
  const change = { ...who, acceptRequest: true, newWebhook: 'ftp://example.com' };
  expect(await bbp.ask('update-settings', change)).toEqual({
    status: 'error',
    msg: '❌ Invalid webhook URL. Please use a valid URL starting with http:// or https://.',
  });
  const answer = await bbp.post('update-settings', { ...change, newWebhook: 5 });
  expect([answer.status, await answer.json()]).toEqual([404, { status: 404, error: 'No content' }]);
  expect(await bbp.ask('settings', who)).toMatchObject({
    acceptRequest: false,
    webhook: 'Set now',
  });
});
