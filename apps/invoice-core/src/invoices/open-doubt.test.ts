import { DomainError } from '@quittance/rpc';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';

const doubtMs = 60_000;
const pace = { everyMs: 1100, patienceMs: 15_000 };

/** A core at a provider that may make an invoice long after it was asked to. */
const openSlow = async () => {
  const core = await openCore({}, { doubtMs, pace });
  const project = await core.addProject();
  const { provider } = core.bitsby;
  const { open } = provider;
  const request = core.bitsbyInvoice(project, { idempotencyKey: 'one' });
  const late: (() => Promise<unknown>)[] = [];
  return {
    core,
    request,
    create: () => core.app.core.invoices.create(request),
    /** The next try is not answered, and comes about when it is let. */
    hold: () => {
      provider.open = (input) => {
        late.push(() => open(input));
        provider.open = open;
        return Promise.reject(new DomainError('outcome_unknown', 'No answer'));
      };
    },
    /** Has what was held come about. */
    comeAbout: async () => {
      for (const make of late.splice(0)) await make();
    },
    [Symbol.asyncDispose]: () => core[Symbol.asyncDispose](),
  };
};

const unknown = { code: 'outcome_unknown' };

const triedAt = async ({ store }: CoreUnderTest): Promise<number | null> =>
  (await store.read.selectFrom('invoices').select('open_tried_at').executeTakeFirstOrThrow())
    .open_tried_at;

const openRunAt = async ({ store }: CoreUnderTest): Promise<number | undefined> =>
  (
    await store.read
      .selectFrom('jobs')
      .select('run_at')
      .where('kind', '=', 'open')
      .executeTakeFirst()
  )?.run_at;

test('that the provider knows nothing of it is no proof while a try may still come about', async () => {
  await using slow = await openSlow();
  const { core, create } = slow;
  slow.hold();
  await expect(create()).rejects.toMatchObject(unknown);
  core.clock.advance(1000);
  await expect(create()).rejects.toMatchObject({ ...unknown, retryAfterMs: doubtMs - 1000 });
  core.clock.advance(29_000);
  await core.app.work();
  expect(await core.bitsby.openedCount()).toBe(0);
  await slow.comeAbout();
  expect(await create()).toMatchObject({ status: 'pending', providerRef: 'hint_1' });
  expect(await core.bitsby.openedCount()).toBe(1);
});

test('what nothing came of is opened when the doubt has ended, and not a moment before', async () => {
  await using slow = await openSlow();
  const { core, create } = slow;
  const start = core.clock.now();
  slow.hold();
  await expect(create()).rejects.toMatchObject(unknown);
  core.clock.advance(2000 + pace.patienceMs);
  await core.app.work();
  expect(await openRunAt(core)).toBe(start + doubtMs);
  core.clock.advance(doubtMs - 2000 - pace.patienceMs - 1);
  await core.app.work();
  await expect(create()).rejects.toMatchObject(unknown);
  expect(await core.bitsby.openedCount()).toBe(0);
  core.clock.advance(1);
  await core.app.work();
  expect(await core.bitsby.openedCount()).toBe(1);
  expect(await create()).toMatchObject({ status: 'pending' });
});

test('a look that began in doubt proves nothing, even if the doubt has ended when it is answered', async () => {
  await using slow = await openSlow();
  const { core, create } = slow;
  slow.hold();
  await expect(create()).rejects.toMatchObject(unknown);
  core.clock.advance(doubtMs - 1);
  const { provider } = core.bitsby;
  const { find } = provider;
  provider.find = async (input) => {
    const found = await find(input);
    core.clock.advance(10);
    provider.find = find;
    await slow.comeAbout();
    return found;
  };
  await expect(create()).rejects.toMatchObject({ ...unknown, retryAfterMs: 1 });
  expect(await create()).toMatchObject({ status: 'pending' });
  expect(await core.bitsby.openedCount()).toBe(1);
});

test('each later try is in doubt as long as the first', async () => {
  await using slow = await openSlow();
  const { core, create } = slow;
  slow.hold();
  await expect(create()).rejects.toMatchObject(unknown);
  core.clock.advance(doubtMs);
  slow.hold();
  await expect(create()).rejects.toMatchObject(unknown);
  core.clock.advance(doubtMs - 1);
  await expect(create()).rejects.toMatchObject({ ...unknown, retryAfterMs: 1 });
  expect(await core.bitsby.openedCount()).toBe(0);
});

test('a try is durable before it is made', async () => {
  await using slow = await openSlow();
  const { core, create } = slow;
  const { provider } = core.bitsby;
  const { open } = provider;
  const seen: (number | null)[] = [];
  provider.open = async (input) => {
    seen.push(await triedAt(core));
    if (seen.length < 2) throw new DomainError('outcome_unknown', 'No answer');
    return open(input);
  };
  const start = core.clock.now();
  await expect(create()).rejects.toMatchObject(unknown);
  core.clock.advance(doubtMs);
  await create();
  expect(seen).toEqual([start, start + doubtMs]);
});

test.each(['unavailable', 'rate_limited'] as const)(
  'a try that certainly did nothing (%s) leaves no doubt',
  async (code) => {
    await using slow = await openSlow();
    const { core, create } = slow;
    const { provider } = core.bitsby;
    const { open } = provider;
    provider.open = () => Promise.reject(new DomainError(code, 'Not now'));
    await expect(create()).rejects.toThrow('Not now');
    expect(await triedAt(core)).toBeNull();
    await expect(create()).rejects.toThrow('Not now');
    provider.open = open;
    expect(await create()).toMatchObject({ status: 'pending' });
  },
);

test('of two processes that try again at the same moment, one does', async () => {
  await using slow = await openSlow();
  const { core, create, request } = slow;
  slow.hold();
  await expect(create()).rejects.toMatchObject(unknown);
  core.clock.advance(doubtMs);
  const { provider } = core.bitsby;
  const { find } = provider;
  const both = Promise.withResolvers<void>();
  let looking = 0;
  provider.find = async (input) => {
    const found = await find(input);
    looking += 1;
    if (looking === 2) both.resolve();
    await both.promise;
    return found;
  };
  const other = await core.restart();
  const tries = await Promise.allSettled([create(), other.core.invoices.create(request)]);
  expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await core.bitsby.openedCount()).toBe(1);
  expect(await other.core.invoices.create(request)).toMatchObject({ status: 'pending' });
});

test('where the same key opens no second, there is no doubt, and nothing is written of a try', async () => {
  await using core = await openCore();
  const { psp, app } = core;
  const request = core.invoice({ idempotencyKey: 'one' });
  const { open } = psp.provider;
  psp.provider.open = async () => {
    expect(await triedAt(core)).toBeNull();
    psp.provider.open = open;
    throw new DomainError('outcome_unknown', 'No answer');
  };
  await expect(app.core.invoices.create(request)).rejects.toMatchObject(unknown);
  expect(await app.core.invoices.create(request)).toMatchObject({ status: 'pending' });
  expect(await triedAt(core)).toBeNull();
});
