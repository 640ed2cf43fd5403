import type { Invoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { plansOf } from '../invoices/plans-under-test.ts';
import { unopened } from '../invoices/unopened.ts';

/** At 1100 ms a call, the 11th has its turn within 15 s and two to spare, and the 12th has not. */
const pace = { everyMs: 1100, patienceMs: 15_000 };

const refused = {
  code: 'rate_limited',
  message: 'Too many invoices are waiting for bitsby',
  retryAfterMs: 1100,
};

/** A core whose provider answers no create until it is let go on. */
const openHeld = async (its = pace) => {
  const core = await openCore({}, { pace: its });
  const project = await core.addProject();
  const held = Promise.withResolvers<void>();
  const { open } = core.bitsby.provider;
  core.bitsby.provider.open = async (input) => {
    await held.promise;
    return open(input);
  };
  return {
    core,
    create: (idempotencyKey: string | null = null): Promise<Invoice> =>
      core.app.core.invoices.create(core.bitsbyInvoice(project, { idempotencyKey })),
    letGo: held.resolve,
    [Symbol.asyncDispose]: async () => {
      held.resolve();
      await core[Symbol.asyncDispose]();
    },
  };
};

const rowsOf = async ({ store }: CoreUnderTest, table: 'invoices' | 'jobs' | 'events') =>
  (await store.read.selectFrom(table).selectAll().execute()).length;

test('of many at once, those have their turn that can; the others are refused before anything is stored', async () => {
  await using held = await openHeld();
  const { core, create } = held;
  const asked = Array.from({ length: 40 }, () => create());
  const settled = Promise.allSettled(asked);
  await expect(Promise.all(asked)).rejects.toMatchObject(refused);
  held.letGo();
  const results = await settled;
  const made = results.filter(({ status }) => status === 'fulfilled');
  expect(made).toHaveLength(11);
  expect(results.filter(({ status }) => status === 'rejected')).toEqual(
    Array.from({ length: 29 }, () => ({
      status: 'rejected',
      reason: expect.objectContaining(refused),
    })),
  );
  expect(await rowsOf(core, 'invoices')).toBe(11);
  expect(await core.bitsby.openedCount()).toBe(11);
  // Each was opened: none is left to be.
  const jobs = await core.store.read.selectFrom('jobs').select('kind').execute();
  expect(jobs.filter(({ kind }) => kind === 'open')).toEqual([]);
  expect(await create()).toMatchObject({ status: 'pending' });
});

test('a request that is repeated is answered as before, whoever waits', async () => {
  await using held = await openHeld();
  const { create } = held;
  const first = create('first');
  const others = Promise.all(Array.from({ length: 10 }, () => create()));
  await expect.poll(() => rowsOf(held.core, 'invoices')).toBe(11);
  const again = create('first');
  await expect(create('another')).rejects.toMatchObject(refused);
  held.letGo();
  expect(await again).toEqual(await first);
  await others;
  expect(await create('another')).toMatchObject({ status: 'pending' });
});

test('the fewer calls there may be, the longer it takes until there is room', async () => {
  await using held = await openHeld({ everyMs: 5000, patienceMs: 2000 });
  const first = held.create();
  await expect.poll(() => rowsOf(held.core, 'invoices')).toBe(1);
  const refusal = { code: 'rate_limited', retryAfterMs: 18_000 };
  await expect(held.create()).rejects.toMatchObject(refusal);
  held.letGo();
  expect(await first).toMatchObject({ status: 'pending' });
});

test('a provider without a pace takes as many as come, and nothing is counted for it', async () => {
  await using core = await openCore();
  await Promise.all(
    Array.from({ length: 40 }, () => core.app.core.invoices.create(core.invoice())),
  );
  expect(await rowsOf(core, 'invoices')).toBe(40);
});

test('what was refused, or is open, waits for nothing', async () => {
  await using core = await openCore({}, { pace });
  const project = await core.addProject();
  const create = () => core.app.core.invoices.create(core.bitsbyInvoice(project));
  for (let made = 0; made < 15; made += 1) await create();
  for (let asked = 0; asked < 15; asked += 1) {
    await core.bitsby.failNextOpen('refused');
    await expect(create()).rejects.toMatchObject({ code: 'provider_refused' });
  }
  expect(await create()).toMatchObject({ status: 'pending' });
});

test('whoever creates one waits for its turn before background work takes it up', async () => {
  await using held = await openHeld();
  const { core, create } = held;
  const made = create();
  await expect.poll(() => rowsOf(core, 'invoices')).toBe(1);
  const { run_at } = await core.store.read
    .selectFrom('jobs')
    .select('run_at')
    .where('kind', '=', 'open')
    .executeTakeFirstOrThrow();
  expect(run_at - core.clock.now()).toBe(2000 + pace.patienceMs);
  held.letGo();
  await made;
});

test('those who wait are counted by an index that has no others', async () => {
  await using core = await openCore();
  const plans = await plansOf(core.store, ({ read }) =>
    unopened(read, { provider: 'bitsby', sandbox: true })
      .where('created_at', '>', 1)
      .select('id')
      .execute(),
  );
  expect(plans).toEqual([
    'SEARCH invoices USING INDEX invoices_unopened (provider=? AND status=? AND created_at>?)',
  ]);
});

test('what has waited longer than any create does holds up nobody', async () => {
  await using core = await openCore({}, { pace });
  const project = await core.addProject();
  const create = () => core.app.core.invoices.create(core.bitsbyInvoice(project));
  const { open } = core.bitsby.provider;
  core.bitsby.provider.open = () =>
    Promise.reject(new DomainError('outcome_unknown', 'It does not answer'));
  for (let stuck = 0; stuck < 11; stuck += 1) {
    await expect(create()).rejects.toMatchObject({ code: 'outcome_unknown' });
  }
  core.bitsby.provider.open = open;
  core.clock.advance(pace.patienceMs + 29_999);
  await expect(create()).rejects.toMatchObject(refused);
  core.clock.advance(1);
  expect(await create()).toMatchObject({ status: 'pending' });
});

test('what was never opened in the sandbox holds up nothing at a real provider', async () => {
  await using held = await openHeld();
  const { core, create } = held;
  const waiting = Promise.allSettled(Array.from({ length: 11 }, () => create()));
  await expect.poll(() => rowsOf(core, 'invoices')).toBe(11);
  await expect(create()).rejects.toMatchObject(refused);
  const real = await core.restart({ sandbox: false });
  const [project] = await real.core.projects.list({ caller: core.caller });
  if (!project) throw new Error('Expected a project');
  const made = real.core.invoices.create(core.bitsbyInvoice(project));
  await expect.poll(() => rowsOf(core, 'invoices')).toBe(12);
  held.letGo();
  expect(await made).toMatchObject({ status: 'pending' });
  await waiting;
});
