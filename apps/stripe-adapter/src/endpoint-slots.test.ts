import type { ServerResponse } from 'node:http';
import { openInput } from '@quittance/testing';
import { expect, test } from 'vitest';
import { withAdapter } from './adapter-under-test.ts';
import { ignores, succeeds, withConnection } from './connection-under-test.ts';

test('of 200 opens at once no more than allowed are at an endpoint, and none is lost', () =>
  withAdapter(
    async ({ provider, options, stripe, seen }) => {
      const opened = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          provider.open(openInput(options, { id: index + 1, userId: index + 1 })),
        ),
      );
      const made = await stripe.paymentIntents
        .list({ limit: 100 })
        .autoPagingToArray({ limit: 999 });
      expect(made).toHaveLength(200);
      expect(new Set(made.map(({ id }) => id))).toEqual(
        new Set(opened.map(({ observation }) => observation.ref)),
      );
      const calls = ['GET /v1/customers/search', 'POST /v1/customers', 'POST /v1/payment_intents'];
      const tallies = calls.map(seen);
      expect(tallies.map(({ count }) => count)).toEqual([200, 200, 200]);
      expect(Math.max(...tallies.map(({ peak }) => peak))).toBe(10);
    },
    { concurrency: 10, latencyMs: 5, timeoutMs: 30_000 },
  ));

test('all objects of an endpoint share its slots, other endpoints have their own', () =>
  withConnection(
    async ({ run, stripe, requests, finally: lastly }) => {
      const waiting: ServerResponse[] = [];
      lastly((response) => void waiting.push(response));
      const all = run(() =>
        Promise.all([
          ...['pi_1A', 'pi_2b', 'pi_C'].map((id) => stripe.paymentIntents.retrieve(id)),
          ...['pi_1A', 'pi_2b'].map((id) => stripe.paymentIntents.cancel(id)),
          ...[1, 2].map((amount) => stripe.paymentIntents.create({ amount, currency: 'usd' })),
          ...['a', 'b', 'c'].map((customer) => stripe.paymentIntents.list({ customer })),
          stripe.paymentIntents.search({ query: 'x' }),
        ]),
      );
      await expect.poll(() => waiting.length).toBe(9);
      const calls = requests.map(({ call }) => call);
      expect(calls.filter((call) => /^GET .*\/pi_/.test(call))).toHaveLength(2);
      lastly(succeeds);
      for (const response of waiting) succeeds(response);
      await all;
      expect(requests).toHaveLength(11);
    },
    { concurrency: 2 },
  ));

test('who waits for a slot until the call is over was never sent, so nothing happened', () =>
  withConnection(
    async ({ run, stripe, requests, finally: lastly }) => {
      lastly(ignores);
      const over: Promise<unknown>[] = [];
      const create = () =>
        run(() => {
          const created = stripe.customers.create({});
          over.push(created.catch((error: unknown) => error));
          return created;
        });
      const [sent, waiting] = await Promise.allSettled([create(), create()]);
      expect(sent).toMatchObject({ reason: { code: 'outcome_unknown' } });
      expect(waiting).toMatchObject({ reason: { code: 'unavailable' } });
      await Promise.all(over);
      expect(requests).toHaveLength(1);
    },
    { concurrency: 1, timeoutMs: 50 },
  ));

test('who would have to wait too long is sent away at once', () =>
  withConnection(
    async ({ run, stripe, finally: lastly }) => {
      const first = Promise.withResolvers<ServerResponse>();
      lastly(first.resolve);
      const search = () => run(() => stripe.customers.search({ query: 'x' }));
      const served = Array.from({ length: 26 }, search);
      const response = await first.promise;
      await expect(search()).rejects.toMatchObject({
        code: 'unavailable',
        message: 'Too many calls to Stripe are waiting',
      });
      lastly(succeeds);
      succeeds(response);
      expect(await Promise.all(served)).toHaveLength(26);
    },
    { concurrency: 1 },
  ));
