import { CanonicalEvent, CanonicalEvents } from '@quittance/contracts/canonical';
import { parseJson } from '@quittance/rpc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { triggers } from './cli/triggers.ts';
import { runCommand, spawnCommand, startCommand } from './cli-under-test.ts';
import { loadConfig } from './config.ts';
import { startHub } from './hub.ts';
import { type HubUnderTest, openHub } from './hub-under-test.ts';
import { openKillableSandbox } from './killable-sandbox-under-test.ts';
import { accountScopes } from './account-scopes.ts';
import { freePort } from './free-port.ts';
import { openReceiver } from './webhook-receiver-under-test.ts';
import { type Ask, askOf, newInvoice } from './webhooks-under-test.ts';

const waiting = { timeout: 20_000, interval: 20 };

let hub: HubUnderTest;
let ask: Ask;
beforeAll(async () => {
  hub = await openHub('in one process');
  ask = askOf(hub);
}, 30_000);
afterAll(() => hub[Symbol.asyncDispose]());

const quittance = (...args: string[]) => runCommand(hub, ...args);

describe('trigger', { timeout: 60_000 }, () => {
  test.each(Object.keys(triggers))(
    '%s happens for real, and the invoice is printed',
    async (type) => {
      const { code, out, notes } = await quittance('trigger', type);
      expect([code, notes]).toEqual([0, `${type} happened to invoice\n`]);
      const { body } = await ask('GET', `/v1/invoices/${out.trim()}/events`);
      const { data } = CanonicalEvents.parse(body);
      expect(data.map((event) => event.type)).toContain(type);
    },
  );

  test('makes nothing at a hub without a sandbox', async () => {
    await using mortal = await openKillableSandbox();
    const live = await startHub(
      loadConfig({
        DATA_DIR: mortal.dataDir,
        PORT: '0',
        LOG_LEVEL: 'fatal',
        STRIPE_SECRET_KEY: 'sk_test_nobody',
        STRIPE_WEBHOOK_SECRET: 'whsec_nobody',
        STRIPE_API_URL: 'http://127.0.0.1:9',
      }),
    );
    try {
      const options = ['--url', live.gatewayUrl, '--api-key', hub.demo.apiKey];
      const nowhere = await runCommand(mortal, 'trigger', 'invoice.paid', ...options);
      expect([nowhere.code, nowhere.out]).toEqual([1, '']);
      expect(nowhere.notes).toContain('in a sandbox only, and none is known');
      const elsewhere = await quittance('trigger', 'invoice.paid', ...options);
      expect([elsewhere.code, elsewhere.out]).toEqual([1, '']);
      expect(elsewhere.notes).toContain(`is not of ${live.gatewayUrl}`);
      const gone = ['--sandbox-url', `http://127.0.0.1:${await freePort()}`];
      const dead = await runCommand(mortal, 'trigger', 'invoice.paid', ...options, ...gone);
      expect(dead.notes).toContain('does not answer');
    } finally {
      await live.close();
    }
  });
});

test('events tail prints each event as the API has it', async () => {
  const { id } = await newInvoice(ask);
  const { body } = await ask('GET', `/v1/invoices/${id}/events`);
  const { data } = CanonicalEvents.parse(body);
  const after = (data[0]?.position ?? 0) - 1;
  await using tail = startCommand(hub, ['events', 'tail', '--json', '--after', String(after)]);
  const lines = () => tail.out().trim().split('\n');
  await expect.poll(() => lines().length, waiting).toBe(2);
  expect(lines().map((line) => CanonicalEvent.parse(parseJson(line)))).toEqual(data);

  await using plain = startCommand(hub, ['events', 'tail']);
  await plain.noted('Press Ctrl-C');
  const next = await newInvoice(ask);
  await expect.poll(plain.out, waiting).toContain(`invoice.opened`);
  expect(plain.out().trim().split('\n')).toHaveLength(2);
  expect(plain.out()).toContain(next.id);
  plain.signal('SIGINT');
  expect(await plain.ended).toBe(0);
}, 30_000);

describe('keys', { timeout: 30_000 }, () => {
  const Made = z.object({
    id: z.int(),
    userId: z.int(),
    scopes: z.array(z.string()),
    apiKey: z.string(),
  });

  test('are made, listed and revoked in the database of a hub that runs', async () => {
    const made = await quittance(
      'keys',
      'create',
      '--scope',
      'invoices:read',
      '--scope',
      'webhooks:read',
    );
    const { id, userId, scopes, apiKey } = Made.parse(parseJson(made.out));
    expect([userId, scopes]).toEqual([hub.demo.userId, ['invoices:read', 'webhooks:read']]);
    const asMade = askOf(hub, { authorization: `Bearer ${apiKey}` });
    expect((await asMade('GET', '/v1/events')).status).toBe(200);
    expect((await asMade('POST', '/v1/invoices', {})).status).toBe(403);

    const line = async () =>
      (await quittance('keys', 'list')).out.split('\n').find((one) => one.startsWith(`${id} `));
    expect(await line()).toMatch(/ valid +invoices:read,webhooks:read$/);
    expect(await line()).not.toContain(apiKey);
    expect((await quittance('keys', 'revoke', String(id))).code).toBe(0);
    expect(await line()).toContain(' revoked ');
    expect((await asMade('GET', '/v1/events')).status).toBe(401);
  });

  test('may do everything in the account where nothing else is said', async () => {
    const { scopes } = Made.parse(parseJson((await quittance('keys', 'create')).out));
    expect(scopes).toEqual([...accountScopes]);
  });

  test('of nobody are refused', async () => {
    const create = await quittance('keys', 'create', '--user', '99');
    expect([create.code, create.notes]).toEqual([1, 'error: No such user\n']);
    expect((await quittance('keys', 'revoke', '99')).code).toBe(1);
  });
});

test('endpoints and deliveries: made, pinged, listed, sent again, removed', async () => {
  await using receiver = await openReceiver();
  const made = await quittance('endpoints', 'create', receiver.url, '--events', 'invoice.opened');
  const { id, secret } = z
    .object({ id: z.string(), secret: z.string() })
    .parse(parseJson(made.out));
  receiver.secrets.push(secret);
  expect((await quittance('endpoints', 'list')).out).toMatch(
    new RegExp(`${id} +enabled +${receiver.url} +invoice.opened`),
  );
  const ping = await quittance('endpoints', 'test', id);
  expect([ping.code, ping.out]).toEqual([0, expect.stringContaining('succeeded')]);
  receiver.answerWith(() => ({ status: 500 }));
  const failed = await quittance('endpoints', 'test', id);
  expect([failed.code, failed.notes]).toEqual([1, expect.stringContaining('answered 500')]);

  await newInvoice(ask);
  await receiver.told('invoice.opened');
  const list = (status: string) =>
    quittance('deliveries', 'list', '--endpoint', id, '--status', status);
  await expect.poll(async () => (await list('pending')).out, waiting).toMatch(/pending +1/);
  const delivery = /del_[0-9a-f]{24}/.exec((await list('pending')).out)?.[0] ?? '';
  receiver.answerWith(() => ({ status: 200 }));
  expect((await quittance('deliveries', 'replay', delivery)).code).toBe(0);
  await expect.poll(async () => (await list('succeeded')).out, waiting).toContain(delivery);
  const range = ['--since', '2000-01-01T00:00:00Z', '--until', '2000-01-02T00:00:00Z'];
  const none = await quittance('deliveries', 'replay', '--endpoint', id, ...range);
  expect(none.out).toBe('0 are sent again\n');

  expect((await quittance('endpoints', 'delete', id)).code).toBe(0);
  const gone = await quittance('endpoints', 'test', id);
  expect([gone.code, gone.notes]).toEqual([1, expect.stringMatching(/\(404, req_\S+\)/)]);
  expect(receiver.problems).toEqual([]);
}, 60_000);

describe('what cannot be done is said', { timeout: 30_000 }, () => {
  test.each([
    [['listen'], "required option '--forward <url>'"],
    [['listen', '--forward', 'ftp://x'], '--forward must be'],
    [['listen', '--forward', 'x', '--after', 'y'], '--after must be'],
    [['listen', '--forward', 'x', '--secret', 'y'], '--secret must be'],
    [['listen', '--forward', 'x', '--events', 'invoice.nothing'], '--events must be of'],
    [['trigger', 'invoice.nothing'], 'Allowed choices are'],
    [['deliveries', 'replay'], 'Give either'],
    [['keys', 'revoke', 'x'], 'must be a number'],
    [['nonsense'], 'unknown command'],
    [[], 'Usage: quittance'],
  ])('%j is a wrong use', async (args, message) => {
    const { code, out, notes } = await quittance(...args);
    expect([code, out]).toEqual([2, '']);
    expect(notes).toContain(message);
  });

  test.each([
    [['listen', '--forward', 'x'], 'No hub is known'],
    [['endpoints', 'list'], 'npm start'],
    [['keys', 'list'], 'There is no database'],
  ])('%j where there is no hub', async (args, message) => {
    await using empty = await openKillableSandbox();
    const { code, notes } = await runCommand(empty, ...args);
    expect(code).toBe(1);
    expect(notes).toContain(message);
  });

  test('a hub that does not answer, and one that refuses, naming the field', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const down = await quittance('events', 'tail', '--url', url);
    expect([down.code, down.notes]).toEqual([1, `error: ${url} does not answer: ECONNREFUSED\n`]);
    const refused = await quittance('endpoints', 'create', 'ftp://x');
    expect([refused.code, refused.notes]).toEqual([
      1,
      expect.stringMatching(/^error: url: .*\(400, req_\S+\)\n$/),
    ]);
  });

  test('the environment says which hub where no option does', async () => {
    await using empty = await openKillableSandbox();
    const { gatewayUrl, apiKey } = hub.demo;
    const env = { QUITTANCE_URL: gatewayUrl, QUITTANCE_API_KEY: apiKey };
    const { code } = await runCommand({ dataDir: empty.dataDir, env }, 'endpoints', 'list');
    expect(code).toBe(0);
  });

  test('a Node that is too old', async () => {
    const old =
      'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.19.0"}})';
    const context = { dataDir: hub.dataDir, nodeOptions: ['--import', old] };
    const { code, notes } = await spawnCommand(context, 'endpoints', 'list');
    expect([code, notes]).toEqual([1, expect.stringContaining('needs Node 22.18 or newer')]);
  });
});

test('help is there for each command', async () => {
  for (const args of [[], ['listen'], ['events', 'tail'], ['deliveries', 'replay']]) {
    const { code, out } = await quittance(...args, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/Examples?:\n {2}\$ quittance /);
  }
});

test('as a process: what was asked for goes to one place, all else to the other', async () => {
  const done = await spawnCommand(hub, 'trigger', 'invoice.created');
  expect(done).toEqual({
    code: 0,
    out: expect.stringMatching(/^[0-9a-f]{24}\n$/),
    notes: 'invoice.created happened to invoice\n',
  });
  const failed = await spawnCommand(hub, 'keys', 'revoke', '99');
  expect(failed).toEqual({ code: 1, out: '', notes: 'error: No such API key\n' });
  expect(await spawnCommand(hub, 'nonsense')).toMatchObject({ code: 2, out: '' });
}, 30_000);
