import { expect, test } from 'vitest';
import { fieldOf, startTelegram } from '../telegram-under-test.ts';

test.each([
  [{ url: 'ftp://example.org' }, 'Bad Request: invalid webhook URL specified'],
  [{ url: 'https://a b' }, 'Bad Request: invalid webhook URL specified'],
  [
    { url: 'https://example.org', secret_token: 'ä' },
    'Bad Request: secret token contains unallowed characters',
  ],
  [
    { url: 'https://example.org', secret_token: 'a'.repeat(257) },
    'Bad Request: secret token is too long',
  ],
])('setWebhook refuses %j', async (body, description) => {
  await using telegram = await startTelegram();
  expect(await telegram.call('setWebhook', body)).toEqual({
    status: 400,
    body: { ok: false, error_code: 400, description },
  });
});

test('setWebhook and deleteWebhook say what they did', async () => {
  await using telegram = await startTelegram();
  const said = async (method: string, body: object = {}) =>
    fieldOf((await telegram.call(method, body)).body, 'description');
  const url = 'https://127.0.0.1:1/hook';
  expect(await said('deleteWebhook')).toBe('Webhook is already deleted');
  expect(await said('setWebhook', { url })).toBe('Webhook was set');
  expect(await said('setWebhook', { url })).toBe('Webhook is already set');
  expect(await said('setWebhook', { url: '' })).toBe('Webhook was deleted');
});
