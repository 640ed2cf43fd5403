import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, silentLogger } from '@quittance/runtime';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { verifyLedger } from '../invoices/verify-ledger.ts';
import {
  addEndpoint,
  create,
  deliveriesOf,
  endpointOf,
  messageAt,
  pay,
  runsOf,
  stranger,
  typesOf,
  url,
} from './endpoints-under-test.ts';
import { seal } from './secrets.ts';
import { readSigningSecrets } from './signing-secrets.ts';

const day = 24 * 3_600_000;

describe('create', () => {
  test('makes an endpoint that everything goes to, and is listed', async () => {
    await using core = await openCore();
    const { endpoint, secret } = await addEndpoint(core, {
      description: 'Shop',
      headers: { 'X-Shop': 'one', Authorization: 'Bearer hush' },
      ordered: true,
    });
    const at = new Date(core.clock.now()).toISOString();
    expect(endpoint).toEqual({
      id: expect.stringMatching(/^ep_[0-9a-f]{24}$/),
      accountId: core.caller.accountId,
      projectId: null,
      url,
      description: 'Shop',
      eventTypes: null,
      headerNames: ['X-Shop', 'Authorization'],
      ordered: true,
      format: 'standard',
      retries: 'standard',
      disabled: null,
      failingSince: null,
      createdAt: at,
      updatedAt: at,
    });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { caller } = core;
    const { endpoints } = core.app.core;
    expect(await endpoints.get({ caller, id: endpoint.id })).toEqual(endpoint);
    const second = await addEndpoint(core, { eventTypes: ['invoice.paid'] });
    expect(await endpoints.list({ caller })).toEqual([second.endpoint, endpoint]);
    expect(second.secret).not.toBe(secret);
  });

  test('takes no URL that is never called', async () => {
    await using core = await openCore();
    const refused = { code: 'invalid_request', param: 'url' };
    const withPassword = 'https://ada:hush@example.com/hook';
    await expect(addEndpoint(core, { url: withPassword })).rejects.toMatchObject(refused);
    const { endpoint } = await addEndpoint(core);
    const update = { caller: core.caller, id: endpoint.id, url: withPassword };
    await expect(core.app.core.endpoints.update(update)).rejects.toMatchObject(refused);
    expect(await core.app.core.endpoints.list({ caller: core.caller })).toEqual([endpoint]);
  });

  test('gives the same answer under the same key, secret and all, and makes one', async () => {
    await using core = await openCore();
    const asked = { idempotencyKey: 'key-1', headers: { 'X-A': 'a', 'X-B': 'b' } };
    const first = await addEndpoint(core, asked);
    const { caller } = core;
    await core.app.core.endpoints.rotateSecret({ caller, id: first.endpoint.id });
    const reordered = { ...asked, headers: { 'X-B': 'b', 'X-A': 'a' } };
    expect(await addEndpoint(core, reordered)).toEqual(first);
    const another = { ...asked, headers: { 'X-A': 'other' } };
    await expect(addEndpoint(core, another)).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
    expect(await core.app.core.endpoints.list({ caller })).toHaveLength(1);
    const both = await Promise.all([1, 2].map(() => addEndpoint(core, { idempotencyKey: 'k' })));
    expect(both[0]).toEqual(both[1]);
  });

  test('makes no more than 50 for an account; removed ones make room', async () => {
    await using core = await openCore();
    const made = await Promise.all(Array.from({ length: 50 }, () => addEndpoint(core)));
    const full = { code: 'conflict' };
    await expect(addEndpoint(core)).rejects.toMatchObject(full);
    const caller = await stranger(core);
    await core.app.core.endpoints.create(endpointOf({ caller }));
    const id = made[7]?.endpoint.id ?? '';
    await core.app.core.endpoints.update({ caller: core.caller, id, enabled: false });
    await expect(addEndpoint(core)).rejects.toMatchObject(full);
    await core.app.core.endpoints.remove({ caller: core.caller, id });
    await addEndpoint(core);
    await expect(addEndpoint(core)).rejects.toMatchObject(full);
  });
});

test('secrets and header values are nowhere in the database as they are', async () => {
  await using core = await openCore();
  const { endpoint, secret } = await addEndpoint(core, {
    idempotencyKey: 'key-1',
    headers: { Authorization: 'Bearer hush-hush' },
  });
  const { caller } = core;
  const rotated = await core.app.core.endpoints.rotateSecret({ caller, id: endpoint.id });
  await core.app.core.endpoints.update({
    caller,
    id: endpoint.id,
    headers: { Authorization: 'Bearer hush-again' },
  });
  const files = await Promise.all(
    ['quittance.db', 'quittance.db-wal'].map((name) => readFile(join(core.folder, name))),
  );
  const stored = Buffer.concat(files);
  expect(stored.includes(endpoint.id)).toBe(true);
  for (const text of [secret, rotated.secret]) {
    const [, base64 = ''] = text.split('_');
    expect(stored.includes(base64)).toBe(false);
    expect(stored.includes(Buffer.from(base64, 'base64'))).toBe(false);
  }
  expect(stored.includes('hush')).toBe(false);
});

describe('update', () => {
  test('changes what is given and nothing else', async () => {
    await using core = await openCore();
    const { endpoint } = await addEndpoint(core, {
      description: 'Shop',
      eventTypes: ['invoice.paid'],
      headers: { 'X-A': '1' },
    });
    const { caller } = core;
    const { endpoints } = core.app.core;
    const id = endpoint.id;
    core.clock.advance(1000);
    const updatedAt = new Date(core.clock.now()).toISOString();
    const moved = await endpoints.update({ caller, id, url: `${url}/2` });
    expect(moved).toEqual({ ...endpoint, url: `${url}/2`, updatedAt });
    const rest = {
      description: null,
      eventTypes: null,
      headers: { 'X-B': '1', 'X-C': '2' },
      ordered: true,
      retries: 'bitsby' as const,
    };
    const { headers: _headers, ...shown } = rest;
    expect(await endpoints.update({ caller, id, ...rest })).toEqual({
      ...moved,
      ...shown,
      headerNames: ['X-B', 'X-C'],
    });
    expect(await endpoints.update({ caller, id, enabled: true })).toMatchObject(shown);
  });

  test('filters what happens from then on', async () => {
    await using core = await openCore();
    const { endpoint } = await addEndpoint(core, { eventTypes: ['invoice.expired'] });
    await create(core);
    const { caller } = core;
    await core.app.core.endpoints.update({ caller, id: endpoint.id, eventTypes: ['invoice.paid'] });
    await pay(core);
    expect(typesOf(await deliveriesOf(core))).toEqual(['invoice.paid']);
  });

  test('disabled, it gets nothing; enabled again, what was pending and what comes', async () => {
    await using core = await openCore();
    const { endpoint } = await addEndpoint(core);
    const { caller } = core;
    const { endpoints } = core.app.core;
    const id = endpoint.id;
    await create(core);
    const off = await endpoints.update({ caller, id, enabled: false });
    expect(off.disabled).toBe('by_hand');
    expect((await endpoints.update({ caller, id, enabled: false })).disabled).toBe('by_hand');
    await create(core);
    expect(await deliveriesOf(core, { state: 'pending' })).toHaveLength(2);
    await core.app.work();
    expect(await runsOf(core)).toEqual({});
    expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);

    await core.store.write(async (tx) => {
      const set = { failing_since: 1, throttled_until: core.clock.now() + day };
      await tx.updateTable('endpoints').set(set).execute();
    });
    const on = await endpoints.update({ caller, id, enabled: true });
    expect(on).toMatchObject({ disabled: null, failingSince: null });
    expect(await runsOf(core)).toEqual({ 1: core.clock.now() });
    expect(await deliveriesOf(core, { state: 'pending' })).toHaveLength(2);
    await create(core);
    expect(await deliveriesOf(core)).toHaveLength(4);
  });

  test('moved, it is called at once, whatever its old address had asked for', async () => {
    await using core = await openCore();
    const { endpoint } = await addEndpoint(core);
    await create(core);
    const later = core.clock.now() + day;
    await core.store.write(async (tx) => {
      await tx.updateTable('endpoints').set({ throttled_until: later, failing_since: 1 }).execute();
      await tx.updateTable('jobs').set({ run_at: later }).where('kind', '=', 'deliver').execute();
    });
    const { caller } = core;
    const { id } = endpoint;
    expect((await core.app.core.endpoints.update({ caller, id, url })).failingSince).not.toBeNull();
    expect(await runsOf(core)).toEqual({ 1: later });
    const moved = await core.app.core.endpoints.update({ caller, id, url: `${url}/2` });
    expect(moved.failingSince).toBeNull();
    expect(await runsOf(core)).toEqual({ 1: core.clock.now() });
  });
});

test('that one is disabled is told in the feed and to the others who ask', async () => {
  await using core = await openCore();
  const { endpoint } = await addEndpoint(core);
  const other = await addEndpoint(core, { eventTypes: ['endpoint.disabled'] });
  await addEndpoint(core, { eventTypes: ['invoice.paid'] });
  const { caller } = core;
  const { endpoints, events } = core.app.core;
  const id = endpoint.id;
  await endpoints.update({ caller, id, url: `${url}/new`, enabled: false });
  const [event, ...more] = await events.feed({ caller, after: 0, limit: 10 });
  expect(more).toEqual([]);
  expect(event).toEqual({
    position: 1,
    type: 'endpoint.disabled',
    endpointId: id,
    url: `${url}/new`,
    reason: 'by_hand',
    occurredAt: new Date(core.clock.now()).toISOString(),
  });
  expect(await deliveriesOf(core)).toMatchObject([
    { endpointId: other.endpoint.id, type: 'endpoint.disabled', invoicePublicId: null },
  ]);
  expect(await messageAt(core, 1)).toMatchObject({
    type: 'endpoint.disabled',
    data: { version: 1, position: 1, endpoint: { id, url: `${url}/new`, reason: 'by_hand' } },
  });
  // It happens once, and what happens to invoices goes on after it.
  await endpoints.update({ caller, id, enabled: false });
  await create(core);
  const feed = await events.feed({ caller, after: 0, limit: 10 });
  expect(typesOf(feed)).toEqual(['endpoint.disabled', 'invoice.created', 'invoice.opened']);
});

describe('rotate', () => {
  const signingOf = (core: CoreUnderTest) =>
    readSigningSecrets(core.store.read, { ...core, log: silentLogger }, 1, core.clock.now());

  test('an old secret signs for 24 hours beside the new ones, each for its own', async () => {
    await using core = await openCore();
    const { endpoint, secret: first } = await addEndpoint(core);
    const { caller, clock, store } = core;
    const id = endpoint.id;
    expect(await signingOf(core)).toEqual([first]);

    const second = await core.app.core.endpoints.rotateSecret({ caller, id });
    expect(second).toMatchObject({ endpoint });
    expect(Date.parse(second.oldSecretUntil)).toBe(clock.now() + day);
    expect(await signingOf(core)).toEqual([second.secret, first]);

    clock.advance(day / 2);
    const third = await core.app.core.endpoints.rotateSecret({ caller, id });
    expect(Date.parse(third.oldSecretUntil)).toBe(clock.now() + day);
    expect(await signingOf(core)).toEqual([third.secret, second.secret, first]);
    clock.advance(day / 2 - 1);
    expect(await signingOf(core)).toEqual([third.secret, second.secret, first]);
    clock.advance(1);
    expect(await signingOf(core)).toEqual([third.secret, second.secret]);
    clock.advance(day / 2 - 1);
    expect(await signingOf(core)).toEqual([third.secret, second.secret]);
    clock.advance(1);
    expect(await signingOf(core)).toEqual([third.secret]);

    await core.app.core.endpoints.rotateSecret({ caller, id });
    const kept = await store.read.selectFrom('endpoint_secrets').select('id').execute();
    expect(kept).toHaveLength(2);
  });

  test('a sixth secret has to wait until one has expired', async () => {
    await using core = await openCore();
    const { endpoint } = await addEndpoint(core);
    const { caller, clock } = core;
    const rotate = () => core.app.core.endpoints.rotateSecret({ caller, id: endpoint.id });
    for (let count = 2; count <= 5; count += 1) await rotate();
    const five = await signingOf(core);
    expect(five).toHaveLength(5);
    await expect(rotate()).rejects.toMatchObject({
      code: 'conflict',
      message: 'rotated too often: wait until an old secret has expired',
    });
    expect(await signingOf(core)).toEqual(five);
    clock.advance(day);
    const { secret } = await rotate();
    expect(await signingOf(core)).toEqual([secret, five[0]]);
  });
});

describe('a secret that cannot be read', () => {
  const spoil = async ({ store }: CoreUnderTest, id: number): Promise<void> => {
    await store.write(async (tx) => {
      const secret = seal({ encryptionKey: randomBytes(32) }, 'whsec_AAAA');
      await tx.updateTable('endpoint_secrets').set({ secret }).where('id', '=', id).execute();
    });
  };

  test('is passed over and logged while it is an old one, and an error when it is the newest', async () => {
    await using core = await openCore();
    const { caller, clock, store } = core;
    const { endpoint, secret: first } = await addEndpoint(core);
    await core.app.core.endpoints.rotateSecret({ caller, id: endpoint.id });
    const { secret: newest } = await core.app.core.endpoints.rotateSecret({
      caller,
      id: endpoint.id,
    });
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(line) });
    const signing = () => readSigningSecrets(store.read, { ...core, log }, 1, clock.now());
    await spoil(core, 2);
    expect(await signing()).toEqual([newest, first]);
    expect(lines).toHaveLength(1);
    expect(lines.join()).toContain('"secretId":2');
    await spoil(core, 3);
    await expect(signing()).rejects.toThrow('cannot be read');
  });

  test('keeps the core from starting, and says what to do', async () => {
    await using core = await openCore();
    const fresh = await core.restart({ encryptionKey: randomBytes(32) });
    await (await fresh.start()).stop();
    await addEndpoint(core);
    const other = await core.restart({ encryptionKey: randomBytes(32) });
    await expect(other.start()).rejects.toThrow(
      new ConfigError(
        'The encryption key does not open the secrets in this database: set ENCRYPTION_KEY or restore <DATA_DIR>/encryption.key',
      ),
    );
    const same = await core.restart();
    await (await same.start()).stop();
  });
});
