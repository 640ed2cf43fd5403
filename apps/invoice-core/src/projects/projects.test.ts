import { randomBytes, randomUUID } from 'node:crypto';
import type { Caller, CreateProject, Project } from '@quittance/contracts';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { stranger } from '../endpoints/endpoints-under-test.ts';

const request = (
  { caller }: CoreUnderTest,
  change: Partial<CreateProject> = {},
): CreateProject => ({
  caller,
  idempotencyKey: null,
  name: 'Shop',
  providers: [{ provider: 'bitsby', ref: 'shop_1' }],
  ...change,
});

const create = (core: CoreUnderTest, change: Partial<CreateProject> = {}): Promise<Project> =>
  core.app.core.projects.create(request(core, change));

const tokenOf = ({ providers }: Project): string => {
  const [first] = providers;
  if (!first) throw new Error('Expected a provider');
  return first.webhookToken;
};

test('a project has an id and a token that nobody can guess, and is found again', async () => {
  await using core = await openCore();
  const { projects } = core.app.core;
  const made = await create(core);
  const now = new Date(core.clock.now()).toISOString();
  expect(made).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4/),
    accountId: core.caller.accountId,
    name: 'Shop',
    providers: [
      { provider: 'bitsby', ref: 'shop_1', webhookToken: expect.stringMatching(/^[\w-]{43}$/) },
    ],
    createdAt: now,
    updatedAt: now,
  });
  const other = await create(core, { name: 'Other', providers: [] });
  expect(await projects.get({ caller: core.caller, id: made.id })).toEqual(made);
  expect(await projects.list({ caller: core.caller })).toEqual([other, made]);
  expect(tokenOf(await create(core))).not.toBe(tokenOf(made));
});

test('tokens are in no row as they are', async () => {
  await using core = await openCore();
  const token = tokenOf(await create(core, { idempotencyKey: 'one' }));
  for (const table of ['project_providers', 'idempotency_records'] as const) {
    const rows = await core.store.read.selectFrom(table).selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
  }
});

test('another key than the one that encrypted its tokens does not start it', async () => {
  await using core = await openCore();
  await create(core);
  const app = await core.restart({ encryptionKey: randomBytes(32) });
  await expect(app.start()).rejects.toThrow('The encryption key does not open');
  await (await (await core.restart()).start()).stop();
});

describe('an Idempotency-Key', () => {
  test('gives the project that was made, as it was', async () => {
    await using core = await openCore();
    const { projects } = core.app.core;
    const providers = [
      { provider: 'stripe', ref: 'a' },
      { provider: 'bitsby', ref: 'b' },
    ] as const;
    const made = await create(core, { idempotencyKey: 'one', providers: [...providers] });
    await projects.update({ caller: core.caller, id: made.id, name: 'Renamed' });
    const again = { idempotencyKey: 'one', providers: providers.toReversed() };
    expect(await create(core, again)).toEqual(made);
    expect(await projects.list({ caller: core.caller })).toHaveLength(1);
  });

  test.each<Partial<CreateProject>>([
    { name: 'Other' },
    { providers: [] },
    { providers: [{ provider: 'bitsby', ref: 'shop_2' }] },
    { providers: [{ provider: 'stripe', ref: 'shop_1' }] },
  ])('refuses another request: %j', async (change) => {
    await using core = await openCore();
    await create(core, { idempotencyKey: 'one' });
    await expect(create(core, { idempotencyKey: 'one', ...change })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  });
});

test.each([
  [
    'create',
    (core: CoreUnderTest, providers: CreateProject['providers']) => create(core, { providers }),
  ],
  [
    'update',
    async (core: CoreUnderTest, providers: CreateProject['providers']) => {
      const { id } = await create(core);
      return core.app.core.projects.update({ caller: core.caller, id, providers });
    },
  ],
])('%s refuses a provider that is there twice, by its place', async (_, run) => {
  await using core = await openCore();
  const providers = [
    { provider: 'stripe', ref: 'a' },
    { provider: 'bitsby', ref: 'b' },
    { provider: 'stripe', ref: 'c' },
  ] as const;
  await expect(run(core, [...providers])).rejects.toMatchObject({
    code: 'invalid_request',
    param: 'providers.2.provider',
  });
});

test('an account has at most 1000', async () => {
  await using core = await openCore();
  const { caller, clock } = core;
  const rows = (count: number, { accountId }: Caller) =>
    Array.from({ length: count }, () => ({
      public_id: randomUUID(),
      account_id: accountId,
      name: 'Shop',
      created_at: clock.now(),
      updated_at: clock.now(),
    }));
  await core.store.write(async (tx) => {
    await tx.insertInto('projects').values(rows(999, caller)).execute();
  });
  const other = await stranger(core);
  await core.store.write(async (tx) => {
    await tx.insertInto('projects').values(rows(5, other)).execute();
  });
  await create(core);
  await expect(create(core)).rejects.toMatchObject({
    code: 'conflict',
    message: 'An account has at most 1000 projects',
  });
  expect(await core.app.core.projects.list({ caller })).toHaveLength(1000);
});

describe('update', () => {
  test('keeps what is not given, and the token where provider and ref are the same', async () => {
    await using core = await openCore();
    const { caller, app, clock } = core;
    const made = await create(core);
    clock.advance(1000);
    const renamed = await app.core.projects.update({ caller, id: made.id, name: 'Renamed' });
    const updatedAt = new Date(clock.now()).toISOString();
    expect(renamed).toEqual({ ...made, name: 'Renamed', updatedAt });

    const [known] = made.providers;
    const providers = [
      { provider: 'stripe', ref: 'acct_1' },
      { provider: 'bitsby', ref: 'shop_1' },
    ] as const;
    const more = await app.core.projects.update({ caller, id: made.id, providers: [...providers] });
    expect(more).toMatchObject({ name: 'Renamed', providers: [known, { provider: 'stripe' }] });
    expect(await app.core.projects.get({ caller, id: made.id })).toEqual(more);
  });

  test('gives a new token for another ref, also for one that comes back', async () => {
    await using core = await openCore();
    const { caller, app } = core;
    const made = await create(core);
    const refs = async (ref: string) =>
      tokenOf(
        await app.core.projects.update({
          caller,
          id: made.id,
          providers: [{ provider: 'bitsby', ref }],
        }),
      );
    const tokens = [tokenOf(made), await refs('shop_2'), await refs('shop_1')];
    expect(new Set(tokens).size).toBe(3);
    const none = await app.core.projects.update({ caller, id: made.id, providers: [] });
    expect(none.providers).toEqual([]);
  });

  test('an invoice whose create has not been answered is still found where it was asked for', async () => {
    await using core = await openCore();
    const { caller, app, bitsby, clock } = core;
    const project = await create(core);
    const { id } = project;
    await bitsby.failNextOpen('lost_answer');
    await expect(app.core.invoices.create(core.bitsbyInvoice(project))).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
    const elsewhere = { caller, id, providers: [{ provider: 'bitsby' as const, ref: 'shop_2' }] };
    await expect(app.core.projects.update(elsewhere)).rejects.toMatchObject({
      code: 'conflict',
      param: 'providers',
    });
    expect(await app.core.projects.get({ caller, id })).toEqual(project);
    await app.core.projects.update({ caller, id, name: 'Renamed' });
    const other = await create(core);
    await app.core.projects.update({ ...elsewhere, id: other.id });

    clock.advance(60_000);
    await app.work();
    expect(await app.core.invoices.get({ caller, id: 1, at: null })).toMatchObject({
      status: 'pending',
    });
    expect(await bitsby.openedCount()).toBe(1);
    expect(await app.core.projects.update(elsewhere)).toMatchObject({
      providers: [{ ref: 'shop_2' }],
    });
  });
});

describe('what another account has at a provider', () => {
  const providers = [{ provider: 'bitsby' as const, ref: 'shop_1' }];
  const refused = { code: 'conflict', param: 'providers' };

  test('is no project of this one, neither made nor changed to', async () => {
    await using core = await openCore();
    const { projects } = core.app.core;
    await create(core);
    const bob = await stranger(core);
    await expect(create(core, { caller: bob })).rejects.toMatchObject(refused);
    const mixed = [{ provider: 'stripe' as const, ref: 'acct_1' }, ...providers];
    const own = await create(core, { caller: bob, providers: mixed.slice(0, 1) });
    const change = projects.update({ caller: bob, id: own.id, providers: mixed });
    await expect(change).rejects.toMatchObject(refused);
    expect(await projects.list({ caller: bob })).toEqual([own]);
    const other = [{ provider: 'stripe' as const, ref: 'shop_1' }];
    expect(await create(core, { caller: bob, providers: other })).toMatchObject({ name: 'Shop' });
  });

  test('is free again once it is given up', async () => {
    await using core = await openCore();
    const { projects } = core.app.core;
    const { id } = await create(core);
    await projects.update({ caller: core.caller, id, providers: [] });
    const bob = await stranger(core);
    expect(await create(core, { caller: bob })).toMatchObject({ providers });
  });

  test('may be several projects of its own', async () => {
    await using core = await openCore();
    const made = [await create(core), await create(core, { name: 'Other' })];
    expect(new Set(made.map(tokenOf)).size).toBe(2);
  });
});

test('another account has nothing of it', async () => {
  await using core = await openCore();
  const { projects } = core.app.core;
  const { id } = await create(core);
  const bob = await stranger(core);
  const refused = { code: 'not_found', message: `No project ${id}` };
  expect(await projects.list({ caller: bob })).toEqual([]);
  await expect(projects.get({ caller: bob, id })).rejects.toMatchObject(refused);
  await expect(projects.update({ caller: bob, id, name: 'Mine' })).rejects.toMatchObject(refused);
  const nobodys = projects.get({ caller: core.caller, id: randomUUID() });
  await expect(nobodys).rejects.toMatchObject({ code: 'not_found' });
});
