import type { Invoice } from '@quittance/contracts';
import { silentLogger } from '@quittance/runtime';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { takeFlowHint } from '../invoices/flow-hints.ts';
import { plansOf } from '../invoices/plans-under-test.ts';
import type { CoreJobs } from '../jobs/core-jobs.ts';
import { createStoreJobs } from '../jobs/store-jobs.ts';

const minute = 60_000;

const openPoints = async (watchMs = 0) => {
  const core = await openCore({}, {}, { flow: 'telegram.bots_business', watchMs });
  const { app, caller, telegram } = core;
  const asked: string[] = [];
  const { find } = telegram.provider;
  telegram.provider.find = (input) => {
    if (input.by === 'ref') asked.push(input.ref);
    return find(input);
  };
  return {
    ...core,
    asked,
    make: (change: Parameters<CoreUnderTest['telegramInvoice']>[0] = {}): Promise<Invoice> =>
      app.core.invoices.create(core.telegramInvoice(change)),
    get: (id: number) => app.core.invoices.get({ caller, id, at: null }),
    hint: async (ref?: string) => {
      const { token = null, ...webhook } = telegram.hint(ref);
      return app.core.webhooks.receive({ provider: 'telegram', token, webhook });
    },
    polls: async () => {
      const jobs = await core.store.read
        .selectFrom('jobs')
        .select(['key', 'run_at'])
        .where('kind', '=', 'poll')
        .orderBy('run_at')
        .execute();
      return jobs.map(({ key, run_at }) => [Number(key), run_at - core.clock.now()]);
    },
    hints: () =>
      core.store.read
        .selectFrom('observations')
        .select(['ref', 'invoice_id', 'raw', 'facts'])
        .where('source', '=', 'webhook')
        .execute(),
  };
};

describe('a hint that names no invoice', () => {
  test('has all open invoices of its flow asked about at once, a little apart, the newest first', async () => {
    await using core = await openPoints();
    for (let n = 0; n < 4; n += 1) {
      await core.make();
      core.clock.advance(1);
    }
    await core.app.core.invoices.create(core.invoice());
    await core.app.core.invoices.create(
      core.telegramInvoice({
        money: { amount: 100, currency: 'XTR' },
        options: { provider: 'telegram', flow: 'telegram.bot_api', title: 'Tea', link: false },
      }),
    );
    const before = new Map((await core.polls()).map(([id, ms]) => [id, ms]));
    expect(await core.hint()).toMatchObject({ status: 200 });
    expect(await core.polls()).toEqual([
      [4, 0],
      [3, 50],
      [2, 100],
      [1, 150],
      [5, before.get(5)],
      [6, before.get(6)],
    ]);
    core.clock.advance(150);
    await core.app.work();
    expect(core.asked).toHaveLength(4);
  });

  test('finds the one that was paid, and keeps what came once', async () => {
    await using core = await openPoints();
    const [one, two] = [await core.make(), await core.make()];
    await core.telegram.pay(two.providerRef ?? '', { charge: 'c2' });
    const [told] = [core.telegram.hint()];
    await core.hint();
    await core.hint();
    expect(await core.hints()).toEqual([
      { ref: null, invoice_id: null, raw: told.body, facts: '[]' },
    ]);
    core.clock.advance(100);
    await core.app.work();
    expect(await core.get(one.id)).toMatchObject({ status: 'pending' });
    expect(await core.get(two.id)).toMatchObject({ status: 'paid', payments: [{ ref: 'c2' }] });
  });

  test('means none that is paid, but one that ended and can still be paid', async () => {
    await using core = await openPoints(24 * 60 * minute);
    const paid = await core.make();
    await core.telegram.pay(paid.providerRef ?? '');
    await core.hint();
    await core.app.work();
    const ended = await core.make({ expiry: { kind: 'in', seconds: 10 } });
    core.clock.advance(10_000);
    await core.app.work();
    await core.app.work();
    expect(await core.get(ended.id)).toMatchObject({ status: 'expired' });
    core.asked.length = 0;
    core.clock.advance(1);
    await core.telegram.pay(ended.providerRef ?? '');
    await core.hint();
    await core.app.work();
    expect(core.asked).toEqual([ended.providerRef]);
    expect(await core.get(ended.id)).toMatchObject({ status: 'paid', exception: 'late' });
  });

  test('means none that ended for good', async () => {
    await using core = await openPoints();
    await core.make({ expiry: { kind: 'in', seconds: 10 } });
    core.clock.advance(10_000);
    await core.app.work();
    await core.app.work();
    await core.hint();
    expect(await core.polls()).toEqual([]);
    expect(await core.hints()).toEqual([]);
  });

  test('never puts off what is to be asked sooner', async () => {
    await using core = await openPoints();
    await core.make();
    await core.make();
    core.clock.advance(29_990);
    await core.hint();
    expect((await core.polls()).map(([, ms]) => ms)).toEqual([0, 10]);
  });

  test('has the newest thousand asked about at most', async () => {
    await using core = await openPoints(24 * 60 * minute);
    await core.make({ expiry: { kind: 'in', seconds: 10 } });
    for (let n = 0; n < 40; n += 1) {
      core.clock.advance(minute / 2);
      await core.app.work();
    }
    const [ended] = await core.polls();
    expect(ended).toEqual([1, expect.any(Number)]);
    expect(ended?.[1]).toBeGreaterThan(1000 * 50);
    const { id } = await core.make();
    const row = await core.store.read
      .selectFrom('invoices')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    await core.store.write(async (tx) => {
      for (let n = 0; n < 1005; n += 1) {
        const { id: _, ...rest } = row;
        const publicId = (0xf_000_000 + n).toString(16).padStart(24, 'f');
        const provider_ref = `invoice-${n}`;
        await tx
          .insertInto('invoices')
          .values({ ...rest, public_id: publicId, provider_ref })
          .execute();
      }
    });
    await core.hint();
    const polls = await core.polls();
    const newest = polls.filter(([key = 0]) => key > id);
    expect(newest).toHaveLength(1000);
    expect(newest.at(-1)?.[1]).toBe(999 * 50);
    expect(polls).toContainEqual([id, 30_000]);
    expect(polls.at(-1)).toEqual(ended);
  }, 20_000);

  test('walks an index, however many are paid', async () => {
    await using core = await openPoints();
    const { store, clock } = core;
    const jobs = createStoreJobs<CoreJobs>({ store, clock: clock.now, log: silentLogger });
    const hint = {
      provider: 'telegram',
      flow: 'telegram.bots_business',
      projectId: null,
      body: '',
      now: 0,
    } as const;
    const plans = await plansOf(store, ({ read }) =>
      takeFlowHint({ jobs, sandbox: true }, read, hint),
    );
    expect(new Set(plans)).toEqual(
      new Set(['SEARCH invoices USING INDEX invoices_everywhere_by_status (flow=? AND status=?)']),
    );
  });

  test('means none of the sandbox where the hub is live', async () => {
    await using core = await openPoints();
    await core.make();
    const before = await core.polls();
    const live = await core.restart({ sandbox: false });
    const { token = null, ...webhook } = core.telegram.hint();
    await live.core.webhooks.receive({ provider: 'telegram', token, webhook });
    expect(await core.polls()).toEqual(before);
    expect(await core.hints()).toEqual([]);
  });

  test('is refused at another URL, and leaves nothing', async () => {
    await using core = await openPoints();
    await core.make();
    const before = await core.polls();
    const { webhooks } = core.app.core;
    const { body } = core.telegram.hint();
    for (const token of [null, 'x']) {
      const webhook = { headers: {}, body };
      const receive = webhooks.receive({ provider: 'telegram', token, webhook });
      await expect(receive).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    expect(await core.polls()).toEqual(before);
    expect(await core.hints()).toEqual([]);
  });
});

describe('a hint that names an invoice', () => {
  test('has it asked about at once, of whatever project it is', async () => {
    await using core = await openPoints();
    const { id: projectId } = await core.addProject();
    const { id, providerRef } = await core.make({ projectId });
    const other = await core.make();
    await core.telegram.pay(providerRef ?? '');
    for (const { token = null, ...webhook } of await core.telegram.webhooks(providerRef ?? '')) {
      await core.app.core.webhooks.receive({ provider: 'telegram', token, webhook });
    }
    expect(await core.hints()).toMatchObject([{ ref: providerRef, invoice_id: id }]);
    await core.app.work();
    expect(core.asked).toEqual([providerRef]);
    expect(await core.get(id)).toMatchObject({ status: 'paid' });
    expect(await core.get(other.id)).toMatchObject({ status: 'pending' });
  });

  test('has one asked about that nothing was heard of for long', async () => {
    await using core = await openPoints();
    const { id, providerRef } = await core.make({ expiry: { kind: 'in', seconds: 10 } });
    core.clock.advance(100 * minute);
    await core.app.work();
    await core.app.work();
    expect(await core.polls()).toEqual([]);
    await core.telegram.pay(providerRef ?? '');
    await core.hint(providerRef ?? '');
    await core.app.work();
    expect(await core.get(id)).toMatchObject({ status: 'paid', exception: 'late' });
  });

  test('that is not ours leaves nothing', async () => {
    await using core = await openPoints();
    expect(await core.hint('invoice-XXXXXXXX')).toMatchObject({ status: 200 });
    expect(await core.hints()).toEqual([]);
  });
});

test('of a project’s webhook, a flow is that project’s invoices alone, and its token stays ours', async () => {
  await using core = await openCore();
  const { app, bitsby } = core;
  const [mine, other] = [await core.addProject('shop_1'), await core.addProject('shop_2')];
  for (const project of [mine, other]) await app.core.invoices.create(core.bitsbyInvoice(project));
  const seen: unknown[] = [];
  bitsby.provider.receive = (webhook) => {
    seen.push(webhook);
    const reply = { status: 200, headers: {}, body: '' };
    return Promise.resolve({ observations: [], hints: [{ flow: 'bitsby.invoice' }], reply });
  };
  const token = mine.providers[0]?.webhookToken ?? null;
  const webhook = { headers: {}, body: 'paid' };
  await app.core.webhooks.receive({ provider: 'bitsby', token, webhook });
  expect(seen).toEqual([webhook]);
  const jobs = await core.store.read
    .selectFrom('jobs')
    .select('key')
    .where('kind', '=', 'poll')
    .where('run_at', '=', core.clock.now())
    .execute();
  expect(jobs).toEqual([{ key: '1' }]);
});
