import { expect, test } from 'vitest';
import { withAdapter, openAdapter } from '../adapter-under-test.ts';
import { merchant, withBotsBusiness } from '../bots-business-under-test.ts';
import { botsBusinessToken, webhookSecret } from '../derived.ts';
import { fieldOf } from '../field-under-test.ts';
import { botToken, eventually } from '../people-under-test.ts';

test('at the start Telegram is told where updates go, with what secret, and of which kinds', () =>
  withAdapter(async ({ sandbox, gateway }) => {
    const set = sandbox.calls.filter(({ name }) => name === 'setWebhook');
    expect(set.map(({ body, status }) => ({ body, status }))).toEqual([
      {
        body: {
          url: `${gateway.url}/webhooks/telegram`,
          secret_token: webhookSecret(botToken),
          allowed_updates: ['message', 'pre_checkout_query', 'callback_query'],
        },
        status: 200,
      },
    ]);
  }));

test('a gateway behind a path of its own keeps the path', () =>
  withAdapter(
    ({ sandbox }) => {
      const set = sandbox.calls.find(({ name }) => name === 'setWebhook');
      expect(set?.body).toMatchObject({ url: 'https://shop.example/pay/webhooks/telegram' });
      return Promise.resolve();
    },
    { env: { PUBLIC_URL: 'https://shop.example/pay/' } },
  ));

test('the menu has the commands in both languages, English for everybody else', () =>
  withAdapter(async ({ sandbox }) => {
    const menus = sandbox.calls.filter(({ name }) => name === 'setMyCommands');
    expect(menus.map(({ body, status }) => [body['language_code'], status])).toEqual([
      ['en', 200],
      ['ru', 200],
      [undefined, 200],
    ]);
    expect(JSON.stringify(menus[1]?.body)).toContain('Помощь с оплатой');
    expect(JSON.stringify(menus[2]?.body)).toContain('paysupport');
  }));

test('what fails at the start is tried again, later and later, and nothing waits for it', async () => {
  const adapter = await openAdapter();
  const { sandbox, app, waits } = adapter;
  const down = { status: 500, body: '{"ok":false,"error_code":500,"description":"Internal"}' };
  const later = {
    ok: false,
    error_code: 429,
    description: 'Too Many',
    parameters: { retry_after: 30 },
  };
  sandbox.answer('setWebhook', down, down, { status: 429, body: JSON.stringify(later) });
  sandbox.calls.length = 0;
  await app.start();
  await eventually(() => sandbox.calls.find(({ name }) => name === 'setWebhook'));
  expect(waits).toEqual([1_000, 2_000, 30_000]);
  await adapter.close();
});

test('without a public URL nothing is registered', async () => {
  const adapter = await openAdapter(undefined, { env: { TELEGRAM_MODE: 'polling' } });
  expect(adapter.sandbox.calls.filter(({ name }) => name === 'setWebhook')).toEqual([]);
  await adapter.close();
});

test('the BBP bot gets the hub’s webhook where it has none, and keeps any other', () =>
  withBotsBusiness(async ({ sandbox, gateway, app }) => {
    const webhookOf = async (): Promise<unknown> =>
      fieldOf(await sandbox.control('GET', `/bots-business/users/${merchant.userId}`), 'webhook');
    const put = (webhook: string | null) =>
      sandbox.control('PUT', `/bots-business/users/${merchant.userId}`, {
        pin: merchant.pin,
        balance: 0,
        webhook,
      });
    const ours = `${gateway.url}/webhooks/telegram/${botsBusinessToken(botToken, merchant.userId)}`;

    await put(null);
    await app.start();
    expect(await webhookOf()).toBe(ours);

    sandbox.calls.length = 0;
    await app.start();
    expect(sandbox.calls.filter(({ name }) => name === 'update-settings')).toEqual([]);

    await put('https://elsewhere.example/hook');
    await app.start();
    expect(await webhookOf()).toBe('https://elsewhere.example/hook');
  }));
