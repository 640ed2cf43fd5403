import { randomUUID } from 'node:crypto';
import { type CreateInvoice, noItem, type Project } from '@quittance/contracts';
import { KnownWebhookEvent } from '@quittance/contracts/webhooks';
import { parseJson } from '@quittance/rpc';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { stranger } from '../endpoints/endpoints-under-test.ts';
import { verifyLedger } from '../invoices/verify-ledger.ts';

const payload = 'order 7 \u{1f6d2} {"a": [1, "ü"]}\n ';

const create = (core: CoreUnderTest, change: Partial<CreateInvoice> = {}) =>
  core.app.core.invoices.create(core.invoice(change));

const nothingStored = async ({ store }: CoreUnderTest): Promise<void> => {
  expect(await store.read.selectFrom('invoices').selectAll().execute()).toEqual([]);
  expect(await store.read.selectFrom('jobs').selectAll().execute()).toEqual([]);
};

describe('project and payload', () => {
  test.each(['stripe', 'bitsby'] as const)(
    'of %s are in every answer and event, untouched, and at no time otherwise',
    async (provider) => {
      await using core = await openCore();
      const { invoices, events, everywhere } = core.app.core;
      const { caller } = core;
      const project = await core.addProject();
      const { options } = provider === 'stripe' ? core.psp : core.bitsby;
      const made = await create(core, { options, payload, projectId: project.id });
      const expected = { projectId: project.id, payload };
      expect(made).toMatchObject(expected);
      const at = new Date(core.clock.now()).toISOString();
      core.clock.advance(1000);
      for (const time of [null, at]) {
        expect(await invoices.get({ caller, id: 1, at: time })).toMatchObject(expected);
      }
      const page = await invoices.list({ caller, filter: {}, after: null, limit: 10 });
      expect(page.invoices).toEqual([made]);
      const { flow } = options;
      const listed = { flow, filter: {}, page: 1, limit: 10 };
      const all = await everywhere.list(listed);
      expect(all.invoices).toMatchObject([{ invoice: made }]);
      const part = { caller, flow, filter: {}, offset: 0, limit: 10 };
      expect(await invoices.listFlow(part)).toEqual([made]);
      for (const { position } of await events.feed({ caller, after: 0, limit: 10 })) {
        const { body } = await events.message({ caller, position });
        expect(KnownWebhookEvent.parse(parseJson(body))).toMatchObject({
          data: { invoice: expected },
        });
      }
    },
  );

  test('of none are null', async () => {
    await using core = await openCore();
    expect(await create(core)).toMatchObject({ projectId: null, payload: null });
    const foreign = core.psp.webhook({
      id: 'evt_1',
      ref: 'in_1',
      at: new Date(core.clock.now()).toISOString(),
      facts: [{ kind: 'progress', state: 'awaiting', reason: null }],
      foreign: {
        flow: 'stripe.invoice',
        customerRef: await customerOf(core),
        money: { amount: 100, currency: 'USD' },
        description: null,
      },
    });
    await core.app.core.webhooks.receive({ provider: 'stripe', token: null, webhook: foreign });
    const taken = await core.app.core.invoices.get({ caller: core.caller, id: 2, at: null });
    expect(taken).toMatchObject({ item: noItem, projectId: null, payload: null });
  });

  test('a page has each its own', async () => {
    await using core = await openCore();
    const { caller, app } = core;
    const projects = [await core.addProject('shop_1'), await core.addProject('shop_2'), null];
    for (const [n, project] of projects.entries()) {
      core.clock.advance(1);
      await create(core, { projectId: project?.id ?? null, payload: `payload ${n}` });
    }
    const page = await app.core.invoices.list({ caller, filter: {}, after: null, limit: 10 });
    expect(page.invoices.toReversed().map((one) => [one.projectId, one.payload])).toEqual(
      projects.map((project, n) => [project?.id ?? null, `payload ${n}`]),
    );
  });

  test('reach the provider, in its own words, also by a later try', async () => {
    await using core = await openCore();
    const project = await core.addProject('shop_1');
    const asked: unknown[] = [];
    const { open } = core.bitsby.provider;
    core.bitsby.provider.open = (input) => {
      asked.push([input.projectRef, input.payload]);
      return open(input);
    };
    await core.bitsby.failNextOpen('unavailable');
    const request = core.bitsbyInvoice(project, { payload });
    await expect(core.app.core.invoices.create(request)).rejects.toMatchObject({
      code: 'unavailable',
    });
    core.clock.advance(60_000);
    await core.app.work();
    expect(asked).toEqual([
      ['shop_1', payload],
      ['shop_1', payload],
    ]);
    await create(core, { options: core.bitsby.options, projectId: project.id });
    expect(asked.at(-1)).toEqual(['shop_1', null]);
    expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  });
});

const customerOf = async ({ store, caller }: CoreUnderTest): Promise<string> => {
  const { ref } = await store.read
    .selectFrom('customers')
    .select('ref')
    .where('user_id', '=', caller.userId)
    .executeTakeFirstOrThrow();
  return ref;
};

describe('an Idempotency-Key', () => {
  test.each(['payload', 'project'])('refuses another %s', async (what) => {
    await using core = await openCore();
    const [one, two] = [await core.addProject('shop_1'), await core.addProject('shop_2')];
    const request = (project: Project | null, data: string | null) =>
      create(core, { idempotencyKey: 'k', payload: data, projectId: project?.id ?? null });
    const made = await request(one, 'a');
    expect(await request(one, 'a')).toEqual(made);
    const others: [Project | null, string | null][] =
      what === 'payload'
        ? [
            [one, 'b'],
            [one, null],
          ]
        : [
            [two, 'a'],
            [null, 'a'],
            [null, null],
          ];
    for (const [project, data] of others) {
      await expect(request(project, data)).rejects.toMatchObject({ code: 'idempotency_mismatch' });
    }
  });

  test('of a request that has neither stands for what it stood for before there were any', async () => {
    await using core = await openCore();
    const made = await create(core, { idempotencyKey: 'k', description: 'A flight' });
    const { request_hash } = await core.store.read
      .selectFrom('idempotency_records')
      .select('request_hash')
      .executeTakeFirstOrThrow();
    // As the version before projects hashed this very request.
    expect(request_hash).toBe('fa5f6d04de04cfbe8e5b94de32cce47f7e18087e1483d5b3824d543af3b4addb');
    const { projectId: _, payload: __, ...old } = made;
    await core.store.write(async (tx) => {
      await tx
        .updateTable('idempotency_records')
        .set({ outcome: JSON.stringify({ ok: true, value: old }) })
        .execute();
    });
    expect(await create(core, { idempotencyKey: 'k', description: 'A flight' })).toEqual(made);
  });
});

describe('where a provider collects for projects, nothing is stored for', () => {
  test('none', async () => {
    await using core = await openCore();
    await expect(create(core, { options: core.bitsby.options })).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'projectId',
      message: 'must be given',
    });
    await nothingStored(core);
  });

  test('one that it does not know', async () => {
    await using core = await openCore();
    const { caller, app, bitsby } = core;
    const providers = [{ provider: 'stripe' as const, ref: 'acct_1' }];
    const { id: projectId } = await app.core.projects.create({
      caller,
      idempotencyKey: null,
      name: 'Shop',
      providers,
    });
    await expect(create(core, { options: bitsby.options, projectId })).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'projectId',
      message: 'is not a project at bitsby',
    });
    await nothingStored(core);
    expect(await create(core, { projectId })).toMatchObject({ projectId, provider: 'stripe' });
  });

  test('a time of our own to end it at', async () => {
    await using core = await openCore();
    const request = core.bitsbyInvoice(await core.addProject(), {
      expiry: { kind: 'in', seconds: 60 },
    });
    await expect(core.app.core.invoices.create(request)).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'expiresAt',
    });
    await nothingStored(core);
  });
});

test.each(['stripe', 'bitsby'] as const)(
  "another account's project is none, and no project neither, also at %s",
  async (provider) => {
    await using core = await openCore();
    const { id } = await core.addProject();
    const { options } = provider === 'stripe' ? core.psp : core.bitsby;
    for (const [caller, projectId] of [
      [await stranger(core), id],
      [core.caller, randomUUID()],
    ] as const) {
      await expect(create(core, { caller, options, projectId })).rejects.toMatchObject({
        code: 'not_found',
        param: 'projectId',
        message: `No project ${projectId}`,
      });
    }
    await nothingStored(core);
  },
);

test('a provider that this hub does not have is refused by name', async () => {
  await using core = await openCore();
  const project = await core.addProject();
  const app = await core.restart({ providers: { stripe: core.psp.provider } });
  await expect(app.core.invoices.create(core.bitsbyInvoice(project))).rejects.toMatchObject({
    code: 'invalid_request',
    param: 'provider',
    message: 'bitsby is not set up in this hub',
  });
  expect((await app.core.providers.list()).map(({ provider }) => provider)).toEqual(['stripe']);
});
