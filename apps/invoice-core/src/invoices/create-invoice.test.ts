import type { Invoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { headStartMs } from '../jobs/core-jobs.ts';

const count = async (core: CoreUnderTest, table: 'invoices' | 'events' | 'idempotency_records') => {
  const { n } = await core.store.read
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return n;
};

const eventTypes = async ({ app, caller }: CoreUnderTest, { id }: Pick<Invoice, 'id'>) =>
  (await app.core.invoices.events({ caller, id })).map(({ type }) => type);

describe('create', () => {
  test('stores, opens and answers', async () => {
    await using core = await openCore();
    const invoice = await core.app.core.invoices.create(core.invoice());
    expect(invoice).toMatchObject({
      id: 1,
      status: 'pending',
      amount: 2050,
      currency: 'USD',
      item: { type: 'flight', id: '1' },
      providerRef: 'mem_1',
    });
    expect(JSON.parse(invoice.providerData ?? '')).toEqual({ ref: 'mem_1', state: 'awaiting' });
    expect(await core.app.core.invoices.get({ caller: core.caller, id: 1, at: null })).toEqual(
      invoice,
    );
    expect(await eventTypes(core, invoice)).toEqual(['invoice.created', 'invoice.opened']);
  });

  test.each([
    [{ money: { amount: 0, currency: 'USD' } }, 'amount'],
    [{ money: { amount: 100_000_000, currency: 'USD' } }, 'amount'],
    [{ money: { amount: 5123, currency: 'KWD' } }, 'amount'],
    [{ money: { amount: 2050, currency: 'JPY' } }, 'currency'],
  ])('refuses %j before anything is stored or called', async (change, param) => {
    await using core = await openCore();
    const create = core.app.core.invoices.create(core.invoice(change));
    await expect(create).rejects.toMatchObject({ code: 'invalid_request', param });
    expect(await count(core, 'invoices')).toBe(0);
    expect(await core.psp.openedCount()).toBe(0);
  });

  test('a refusal by the provider fails the invoice, for good under the same key', async () => {
    await using core = await openCore();
    const input = core.invoice({ idempotencyKey: 'k' });
    await core.psp.failNextOpen('refused');
    const refused = { code: 'provider_refused', message: 'The amount is too small' };
    await expect(core.app.core.invoices.create(input)).rejects.toMatchObject(refused);
    await expect(core.app.core.invoices.create(input)).rejects.toMatchObject(refused);
    const invoice = await core.app.core.invoices.get({ caller: core.caller, id: 1, at: null });
    expect(invoice).toMatchObject({ status: 'failed', statusReason: 'The amount is too small' });
    expect(await eventTypes(core, invoice)).toEqual(['invoice.created', 'invoice.failed']);
    expect(await core.psp.openedCount()).toBe(0);
  });
});

describe('Idempotency-Key', () => {
  test('50 at once: one invoice, one opening, one answer', async () => {
    await using core = await openCore();
    let calls = 0;
    const { open } = core.psp.provider;
    core.psp.provider.open = (one) => {
      calls += 1;
      return open(one);
    };
    const input = core.invoice({ idempotencyKey: 'k' });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => core.app.core.invoices.create(input)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await count(core, 'invoices')).toBe(1);
    expect([calls, await core.psp.openedCount()]).toEqual([1, 1]);
    expect(await eventTypes(core, { id: 1 })).toEqual(['invoice.created', 'invoice.opened']);
  });

  test('replays the first answer, also after the invoice has moved on', async () => {
    await using core = await openCore();
    const input = core.invoice({ idempotencyKey: 'k' });
    const first = await core.app.core.invoices.create(input);
    await core.psp.pay('mem_1');
    for (const webhook of await core.psp.webhooks('mem_1')) {
      await core.app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
    }
    expect(await core.app.core.invoices.create(input)).toEqual(first);
  });

  test('with another request it is refused, and nothing happens', async () => {
    await using core = await openCore();
    await core.app.core.invoices.create(core.invoice({ idempotencyKey: 'k' }));
    const other = core.invoice({ idempotencyKey: 'k', money: { amount: 1, currency: 'USD' } });
    await expect(core.app.core.invoices.create(other)).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
    expect(await count(core, 'invoices')).toBe(1);
  });

  test("is its user's own: another user may use the same", async () => {
    await using core = await openCore();
    const { accountId } = core.caller;
    const input = { accountId, name: 'Grace', email: null };
    const user = await core.app.core.identities.createUser(input);
    const caller = { accountId, userId: user.id };
    const first = await core.app.core.invoices.create(core.invoice({ idempotencyKey: 'k' }));
    const second = await core.app.core.invoices.create(
      core.invoice({ idempotencyKey: 'k', caller }),
    );
    expect(second.id).not.toBe(first.id);
  });
});

describe('when the provider gives no answer', () => {
  test.each(['unavailable', 'lost_answer'] as const)(
    'after %s the same key later returns the one invoice',
    async (fault) => {
      await using core = await openCore();
      const input = core.invoice({ idempotencyKey: 'k' });
      await core.psp.failNextOpen(fault);
      await expect(core.app.core.invoices.create(input)).rejects.toMatchObject({
        code: fault === 'unavailable' ? 'unavailable' : 'outcome_unknown',
        message: expect.stringContaining('invoice 1'),
      });
      const get = () => core.app.core.invoices.get({ caller: core.caller, id: 1, at: null });
      expect(await get()).toMatchObject({ status: 'creating', providerRef: null });
      const retried = await core.app.core.invoices.create(input);
      expect(retried).toMatchObject({ id: 1, status: 'pending', providerRef: 'mem_1' });
      expect(await core.psp.openedCount()).toBe(1);
      expect(await count(core, 'invoices')).toBe(1);
    },
  );

  test('a refusal that is not the answer to open fails nothing: the payment is not lost', async () => {
    await using core = await openCore();
    const input = core.invoice({ idempotencyKey: 'k' });
    await core.psp.failNextOpen('lost_answer');
    await expect(core.app.core.invoices.create(input)).rejects.toThrow('not known');
    const { find } = core.psp.provider;
    core.psp.provider.find = () => Promise.reject(new DomainError('provider_refused', 'No search'));
    await expect(core.app.core.invoices.create(input)).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
    core.psp.provider.find = find;

    await core.psp.pay('mem_1');
    for (const webhook of await core.psp.webhooks('mem_1')) {
      await core.app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
    }
    expect(await core.app.core.invoices.create(input)).toMatchObject({ id: 1, status: 'paid' });
  });

  test('what was made in the sandbox is never opened at a real provider', async () => {
    await using core = await openCore();
    const input = core.invoice({ idempotencyKey: 'k' });
    await core.psp.failNextOpen('unavailable');
    await expect(core.app.core.invoices.create(input)).rejects.toThrow('is kept');
    const live = await core.restart({ sandbox: false });
    core.clock.advance(headStartMs);
    await live.work();
    await expect(live.core.invoices.create(input)).rejects.toMatchObject({ code: 'conflict' });
    expect(await core.psp.openedCount()).toBe(0);
  });

  test('background work opens it when it is due, and the key then answers with it', async () => {
    await using core = await openCore();
    const input = core.invoice({ idempotencyKey: 'k' });
    await core.psp.failNextOpen('lost_answer');
    await expect(core.app.core.invoices.create(input)).rejects.toThrow('not known');

    await core.app.work();
    const get = () => core.app.core.invoices.get({ caller: core.caller, id: 1, at: null });
    expect(await get()).toMatchObject({ status: 'creating' });

    core.clock.advance(headStartMs);
    await core.app.work();
    expect(await get()).toMatchObject({ status: 'pending' });
    expect(await core.app.core.invoices.create(input)).toEqual(await get());
    expect(await core.psp.openedCount()).toBe(1);
  });

  test('a create that died before or after the provider was asked is finished after a restart', async () => {
    await using core = await openCore();
    const never = Promise.withResolvers<never>();
    const abandoned: Promise<unknown>[] = [];
    const { open } = core.psp.provider;
    for (const reached of [false, true]) {
      core.psp.provider.open = async (input) => {
        if (reached) await open(input);
        return never.promise;
      };
      abandoned.push(core.app.core.invoices.create(core.invoice()));
      await expect.poll(() => count(core, 'invoices')).toBe(reached ? 2 : 1);
    }
    await expect.poll(() => core.psp.openedCount()).toBe(1);

    core.psp.provider.open = open;
    const restarted = await core.restart();
    core.clock.advance(headStartMs);
    await restarted.work();
    for (const id of [1, 2]) {
      const invoice = await restarted.core.invoices.get({ caller: core.caller, id, at: null });
      expect(invoice.status).toBe('pending');
    }
    expect(await core.psp.openedCount()).toBe(2);
    never.reject(new Error('the process is gone'));
    await Promise.allSettled(abandoned);
  });
});

test("the user's customer at the provider is remembered and handed back", async () => {
  await using core = await openCore();
  const seen: (string | null)[] = [];
  const { open } = core.psp.provider;
  core.psp.provider.open = (input) => {
    seen.push(input.customer.ref);
    return open(input);
  };
  const first = await core.app.core.invoices.create(core.invoice());
  await core.app.core.invoices.create(core.invoice());
  const user = await core.app.core.identities.listUsers({ accountId: first.accountId });
  expect(seen).toEqual([null, `cus_${user[0]?.publicId}`]);
});

test("another account's invoice is not found", async () => {
  await using core = await openCore();
  await core.app.core.invoices.create(core.invoice());
  const stranger = { accountId: 99, userId: 99 };
  const notFound = { code: 'not_found' };
  const { invoices } = core.app.core;
  await expect(invoices.get({ caller: stranger, id: 1, at: null })).rejects.toMatchObject(notFound);
  await expect(invoices.events({ caller: stranger, id: 1 })).rejects.toMatchObject(notFound);
});
