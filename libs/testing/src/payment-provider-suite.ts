import type { Fact, FindResult, Observation } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import { describe, expect, test } from 'vitest';
import { openInput, type ProviderUnderTest } from './provider-under-test.ts';

const progressOf = ({ facts }: Observation): string[] =>
  facts.flatMap((fact) => (fact.kind === 'progress' ? [fact.state] : []));

/** Minor units: what the payments add up to, or the provider's own total where that is more. */
const receivedIn = (observations: readonly Observation[]): number => {
  const facts = observations.flatMap((observation) => observation.facts);
  const payments = new Map(
    facts.flatMap((fact) => (fact.kind === 'payment' ? [[fact.ref, fact.money.amount]] : [])),
  );
  const totals = facts.flatMap((fact) => (fact.kind === 'received' ? [fact.money.amount] : []));
  return Math.max(
    [...payments.values()].reduce((sum, amount) => sum + amount, 0),
    ...totals,
  );
};

const progressIn = ({ facts }: Observation): Fact[] =>
  facts.filter(({ kind }) => kind === 'progress');

const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (item === undefined) throw new Error('Expected one');
  return item;
};

const opened = async ({ provider, options }: ProviderUnderTest, id = 1): Promise<string> => {
  const { observation } = await provider.open(openInput(options, { id }));
  if (observation.ref === null) throw new Error('open gave no ref');
  return observation.ref;
};

const byRef = (subject: ProviderUnderTest, ref: string): Promise<FindResult> =>
  subject.provider.find({ by: 'ref', ref });

/** What every implementation of the PaymentProvider port does, wherever it runs. */
export const paymentProviderSuite = (
  name: string,
  start: () => Promise<ProviderUnderTest>,
): void => {
  const check = (title: string, run: (subject: ProviderUnderTest) => Promise<void>): void =>
    test(title, async () => {
      const subject = await start();
      try {
        await run(subject);
      } finally {
        await subject.close();
      }
    });

  describe(`PaymentProvider: ${name}`, () => {
    check('describes the flow it is asked for', async ({ provider, options }) => {
      const description = await provider.describe();
      expect(description.provider).toBe(options.provider);
      const flow = only(description.flows.filter((one) => one.flow === options.flow));
      expect(flow.currencies.USD?.max).toBeGreaterThan(2050);
    });

    check('open makes one payable thing and returns evidence of it', async (subject) => {
      const { observation, customerRef } = await subject.provider.open(openInput(subject.options));
      expect(observation.ref).not.toBeNull();
      expect(progressOf(observation)).toEqual(['awaiting']);
      expect(parseJson(observation.providerData ?? '')).toBeTypeOf('object');
      expect(customerRef).not.toBeNull();
      expect(await subject.openedCount()).toBe(1);
    });

    check('open with the same key opens nothing new, also at the same time', async (subject) => {
      const input = openInput(subject.options);
      const first = await subject.provider.open(input);
      const again = await Promise.all(
        Array.from({ length: 5 }, () => subject.provider.open(input)),
      );
      expect(new Set([first, ...again].map(({ observation }) => observation.ref)).size).toBe(1);
      expect(new Set([first, ...again].map(({ customerRef }) => customerRef)).size).toBe(1);
      expect(await subject.openedCount()).toBe(1);
    });

    check('one customer per user, looked up or made once', async ({ provider, options }) => {
      const inputs = [1, 2, 3].map((id) => openInput(options, { id, userId: 7 }));
      const results = await Promise.all(inputs.map((input) => provider.open(input)));
      expect(new Set(results.map(({ customerRef }) => customerRef)).size).toBe(1);
      const other = await provider.open(openInput(options, { id: 4, userId: 8 }));
      expect(other.customerRef).not.toBe(results[0]?.customerRef);
    });

    check('find by what open was called with: nothing before, it after', async (subject) => {
      const open = openInput(subject.options);
      expect((await subject.provider.find({ by: 'open', open })).observations).toEqual([]);
      const ref = await opened(subject);
      const found = await subject.provider.find({ by: 'open', open });
      expect(only(found.observations).ref).toBe(ref);
    });

    check('find by a ref nobody knows finds nothing', async (subject) => {
      expect((await byRef(subject, 'pi_unknown')).observations).toEqual([]);
    });

    check('a lost answer is an unknown outcome that find and retry settle', async (subject) => {
      const open = openInput(subject.options);
      await subject.failNextOpen('lost_answer');
      await expect(subject.provider.open(open)).rejects.toMatchObject({ code: 'outcome_unknown' });
      const found = only((await subject.provider.find({ by: 'open', open })).observations);
      expect(await opened(subject)).toBe(found.ref);
      expect(await subject.openedCount()).toBe(1);
    });

    check('a provider that is down is unavailable, and nothing was opened', async (subject) => {
      await subject.failNextOpen('unavailable');
      const open = subject.provider.open(openInput(subject.options));
      await expect(open).rejects.toMatchObject({ code: 'unavailable' });
      expect(await subject.openedCount()).toBe(0);
    });

    check('a refusal carries the message of the provider', async (subject) => {
      await subject.failNextOpen('refused');
      const open = subject.provider.open(openInput(subject.options));
      await expect(open).rejects.toMatchObject({
        code: 'provider_refused',
        message: expect.stringMatching(/\w+ \w+/),
      });
      expect(await subject.openedCount()).toBe(0);
    });

    check('a payment is seen by find and by webhook, as the same money', async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      expect(receivedIn((await byRef(subject, ref)).observations)).toBe(2050);

      const received = await Promise.all(
        (await subject.webhooks(ref)).map((webhook) => subject.provider.receive(webhook)),
      );
      expect(receivedIn(received.flatMap(({ observations }) => observations))).toBe(2050);
    });

    check('a failed attempt leaves it payable and says why', async (subject) => {
      const ref = await opened(subject);
      await subject.decline(ref);
      expect(progressIn(only((await byRef(subject, ref)).observations))).toEqual([
        { kind: 'progress', state: 'attempt_failed', reason: expect.stringMatching(/declined/i) },
      ]);
    });

    check('a webhook is evidence with an id of its own; twice it is the same', async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const ids: string[] = [];
      for (const webhook of await subject.webhooks(ref)) {
        const first = await subject.provider.receive(webhook);
        expect(await subject.provider.receive(webhook)).toEqual(first);
        expect(first.reply.status).toBe(200);
        ids.push(...first.observations.map(({ evidenceId }) => evidenceId));
      }
      expect(ids.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
    });

    check('a webhook that was tampered with is refused', async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const webhook = (await subject.webhooks(ref)).at(-1);
      if (!webhook) throw new Error('Expected a webhook');
      const forged = { ...webhook, body: webhook.body.replaceAll('2050', '2051') };
      expect(forged.body).not.toBe(webhook.body);
      for (const one of [forged, { ...webhook, headers: {} }]) {
        await expect(subject.provider.receive(one)).rejects.toMatchObject({
          code: 'unauthenticated',
        });
      }
    });

    check('cancel ends it; what is paid cannot be canceled', async (subject) => {
      const act = { kind: 'cancel' } as const;
      const canceled = await opened(subject, 1);
      const input = { ref: canceled, key: 'cancel-1', act };
      expect(progressOf(await subject.provider.act(input))).toEqual(['canceled']);

      const paid = await opened(subject, 2);
      await subject.pay(paid);
      await expect(subject.provider.act({ ref: paid, key: 'cancel-2', act })).rejects.toMatchObject(
        { code: 'provider_refused' },
      );
    });

    check('nobody is a customer that cannot be found', async ({ provider }) => {
      await expect(provider.customer({ ref: 'cus_nobody' })).rejects.toMatchObject({
        code: 'provider_refused',
        refusal: { status: 404 },
      });
    });

    check('refunds in parts, once per key, never above what was received', async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const refund = (key: string, amount: number) =>
        subject.provider.refund({
          ref,
          key,
          money: { amount, currency: 'USD' },
          mayBeDone: true,
        });
      const first = await refund('refund-1', 1000);
      expect(await refund('refund-1', 1000)).toMatchObject({ facts: first.facts });
      await expect(refund('refund-2', 1051)).rejects.toMatchObject({ code: 'provider_refused' });
      const second = await refund('refund-3', 1050);
      const refunds = [first, second].flatMap(({ facts }) =>
        facts.filter(({ kind }) => kind === 'refund'),
      );
      const byKey = new Map(refunds.map((fact) => [fact.kind === 'refund' && fact.ref, fact]));
      expect([...byKey.values()]).toEqual([
        expect.objectContaining({ money: { amount: 1000, currency: 'USD' }, state: 'succeeded' }),
        expect.objectContaining({ money: { amount: 1050, currency: 'USD' }, state: 'succeeded' }),
      ]);
    });
  });
};
