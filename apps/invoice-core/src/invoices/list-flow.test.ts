import { randomUUID } from 'node:crypto';
import { InvoiceStatus, type ListFlow } from '@quittance/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { stranger } from '../endpoints/endpoints-under-test.ts';
import { insertAccounts } from './list-everywhere-under-test.ts';
import {
  aliasOf,
  type FlowWanted,
  insertInProject,
  insertShops,
  madeInProject,
  naivelyInFlow,
  requestOf,
  type StoredInProject,
} from './list-flow-under-test.ts';
import { listFlow } from './list-flow.ts';
import { openStore } from './list-under-test.ts';

const startMs = Date.UTC(2026, 0, 1);
const numRuns = process.env.QUITTANCE_DEEP === undefined ? 60 : 2000;
const spanMs = 30;

const wanted: fc.Arbitrary<FlowWanted> = fc.record({
  account: fc.nat({ max: 1 }),
  project: fc.option(fc.nat({ max: 1 })),
  statuses: fc.option(
    fc.array(fc.constantFrom(...InvoiceStatus.options), { minLength: 1, maxLength: 6 }),
  ),
  from: fc.option(fc.nat({ max: spanMs }), { freq: 2 }),
  to: fc.option(fc.nat({ max: spanMs }), { freq: 2 }),
});

test(
  'all parts together are what a look at each invoice finds, also by its ids',
  { timeout: 300_000 },
  async () => {
    await using core = await openStore();
    const { store } = core;
    const owners = await insertAccounts(store, startMs);
    const shops = await insertShops(store, owners, startMs);
    const stored: StoredInProject[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.array(madeInProject(spanMs), { maxLength: 10 }),
        fc.array(wanted, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        async (more, wants, limit, pick) => {
          for (const one of more) {
            stored.push(await insertInProject(store, owners, { one, shops, startMs }));
          }
          const picked = stored[pick % Math.max(1, stored.length)];
          for (const want of wants) {
            const request = requestOf(owners, { want, shops, startMs });
            const ids: string[] = [];
            for (let offset = 0; ; offset += limit) {
              const part = await listFlow({ store }, { ...request, offset, limit });
              ids.push(...part.map(({ publicId }) => publicId));
              if (part.length < limit) break;
            }
            const all = naivelyInFlow(stored, want);
            expect(ids).toEqual(all);
            if (!picked) continue;
            const { publicId } = picked;
            const refs = [aliasOf(publicId), ...(picked.opened ? [`in_${publicId}`] : [])];
            const filter = { ...request.filter, refs };
            const found = await listFlow({ store }, { ...request, filter, offset: 0, limit });
            expect(found.map((one) => one.publicId)).toEqual(all.filter((id) => id === publicId));
          }
        },
      ),
      { numRuns },
    );
  },
);

const list = (core: CoreUnderTest, change: Partial<ListFlow> = {}) =>
  core.app.core.invoices.listFlow({
    caller: core.caller,
    flow: 'bitsby.invoice',
    filter: {},
    offset: 0,
    limit: 10,
    ...change,
  });

const numbers = (invoices: readonly { id: number }[]): number[] => invoices.map(({ id }) => id);

const openThree = async (): Promise<CoreUnderTest> => {
  const core = await openCore();
  const project = await core.addProject();
  for (let made = 0; made < 3; made += 1) {
    core.clock.advance(1);
    await core.app.core.invoices.create(core.bitsbyInvoice(project));
  }
  await core.app.core.invoices.create(core.invoice());
  return core;
};

describe('by the ids of its provider', () => {
  test.each<[string[], number[]]>([
    [['hint_2'], [2]],
    [['uid_2'], [2]],
    [['hint_2', 'uid_2', 'hint_2'], [2]],
    [['hint_2', 'uid_3'], []],
    [['hint_2', 'nobody'], []],
    [['nobody', 'nothing'], []],
    [['mem_1'], []],
    [[], [3, 2, 1]],
  ])('%j', async (refs, expected) => {
    await using core = await openThree();
    expect(numbers(await list(core, { filter: { refs } }))).toEqual(expected);
  });

  test('all other conditions hold too', async () => {
    await using core = await openThree();
    const find = async (filter: ListFlow['filter'], change: Partial<ListFlow> = {}) =>
      numbers(await list(core, { filter: { refs: ['hint_2'], ...filter }, ...change }));
    const { createdAt, projectId } = await core.app.core.invoices.get({
      caller: core.caller,
      id: 2,
      at: null,
    });
    expect(projectId).not.toBeNull();
    expect(await find({ projectId: projectId ?? '', createdFrom: createdAt })).toEqual([2]);
    expect(await find({ statuses: ['pending', 'paid'] })).toEqual([2]);
    expect(await find({ statuses: ['paid'] })).toEqual([]);
    expect(await find({ createdTo: createdAt })).toEqual([]);
    expect(await find({ projectId: (await core.addProject()).id })).toEqual([]);
    expect(await find({}, { offset: 1 })).toEqual([]);
    expect(await find({}, { flow: 'stripe.payment_intent' })).toEqual([]);
    const byCard = { filter: { refs: ['mem_1'] } };
    expect(numbers(await list(core, { ...byCard, flow: 'stripe.payment_intent' }))).toEqual([4]);
    expect(await list(core, { ...byCard, flow: 'stripe.invoice' })).toEqual([]);
  });
});

test('another account sees none of it, by its projects and ids neither', async () => {
  await using core = await openThree();
  const caller = await stranger(core);
  const [project] = await core.app.core.projects.list({ caller: core.caller });
  expect(numbers(await list(core, { filter: { projectId: project?.id ?? '' } }))).toEqual([
    3, 2, 1,
  ]);
  expect(await list(core, { caller })).toEqual([]);
  expect(await list(core, { caller, filter: { refs: ['hint_1'] } })).toEqual([]);
  expect(await list(core, { caller, filter: { projectId: project?.id ?? '' } })).toEqual([]);
  expect(await list(core, { filter: { projectId: randomUUID() } })).toEqual([]);
});

test('what its provider does not have yet is in none', async () => {
  await using core = await openThree();
  const [project] = await core.app.core.projects.list({ caller: core.caller });
  if (!project) throw new Error('Expected a project');
  await core.bitsby.failNextOpen('unavailable');
  await expect(core.app.core.invoices.create(core.bitsbyInvoice(project))).rejects.toThrow('kept');
  expect(numbers(await list(core))).toEqual([3, 2, 1]);
});
