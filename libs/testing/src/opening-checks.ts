import { parseJson } from '@quittance/rpc';
import { expect } from 'vitest';
import { byRef, inputFor, only, opened, progressOf } from './provider-evidence.ts';
import type { Check } from './provider-traits.ts';

/** What it takes to make something payable, once, and to find it again. */
export const openingChecks = (check: Check): void => {
  check('describes the flow it is asked for', async (subject, traits) => {
    const { options, projectRef, currency = 'USD' } = subject;
    expect(traits.description.provider).toBe(options.provider);
    expect(traits.flow.currencies[currency]?.max).toBeGreaterThan(2050);
    expect(traits.flow.needsProject).toBe(projectRef !== undefined);
    const isFoundOnly = traits.has('keys') && !traits.has('idempotency');
    expect(traits.flow.doubtMs > 0).toBe(isFoundOnly);
  });

  check(
    'open makes one payable thing and returns evidence of it',
    async (subject, { flow, has }) => {
      const { observation, customerRef } = await subject.provider.open(inputFor(subject));
      expect(observation.ref).not.toBeNull();
      expect(progressOf(observation)).toEqual(['awaiting']);
      expect(parseJson(observation.providerData ?? '')).toBeTypeOf('object');
      expect(customerRef !== null).toBe(has('customers'));
      const ends = observation.facts.filter(({ kind }) => kind === 'ends');
      expect(ends).toHaveLength(flow.expire ? 1 : 0);
      expect(await subject.openedCount()).toBe(1);
    },
  );

  check(
    'open with the same key opens nothing new, also at the same time',
    async (subject) => {
      const input = inputFor(subject);
      const first = await subject.provider.open(input);
      const again = await Promise.all(
        Array.from({ length: 5 }, () => subject.provider.open(input)),
      );
      expect(new Set([first, ...again].map(({ observation }) => observation.ref)).size).toBe(1);
      expect(new Set([first, ...again].map(({ customerRef }) => customerRef)).size).toBe(1);
      expect(await subject.openedCount()).toBe(1);
    },
    ({ has }) => has('idempotency'),
  );

  check(
    'one customer per user, looked up or made once',
    async (subject) => {
      const { provider } = subject;
      const inputs = [1, 2, 3].map((id) => inputFor(subject, { id, userId: 7 }));
      const results = await Promise.all(inputs.map((input) => provider.open(input)));
      expect(new Set(results.map(({ customerRef }) => customerRef)).size).toBe(1);
      const other = await provider.open(inputFor(subject, { id: 4, userId: 8 }));
      expect(other.customerRef).not.toBe(results[0]?.customerRef);
    },
    ({ has }) => has('customers'),
  );

  check('find by what open was called with: nothing before, it after', async (subject, { has }) => {
    const open = inputFor(subject);
    expect((await subject.provider.find({ by: 'open', open })).observations).toEqual([]);
    await opened(subject, 2);
    const ref = await opened(subject);
    const { observations } = await subject.provider.find({ by: 'open', open });
    expect(observations.map((found) => found.ref)).toEqual(has('keys') ? [ref] : []);
  });

  check('find by a ref nobody knows finds nothing', async (subject) => {
    const { unknownRef = 'pi_unknown' } = subject;
    expect((await byRef(subject, unknownRef)).observations).toEqual([]);
  });

  check(
    'a lost answer is an unknown outcome that find and retry settle',
    async (subject, { has }) => {
      const open = inputFor(subject);
      await subject.failNextOpen('lost_answer');
      await expect(subject.provider.open(open)).rejects.toMatchObject({ code: 'outcome_unknown' });
      const { observations } = await subject.provider.find({ by: 'open', open });
      const found = has('keys') ? only(observations).ref : undefined;
      if (has('idempotency')) expect([await opened(subject), undefined]).toContain(found);
      expect(await subject.openedCount()).toBe(1);
    },
  );

  check('a provider that is down is unavailable, and nothing was opened', async (subject) => {
    await subject.failNextOpen('unavailable');
    const open = subject.provider.open(inputFor(subject));
    await expect(open).rejects.toMatchObject({ code: 'unavailable' });
    expect(await subject.openedCount()).toBe(0);
  });

  check('a refusal carries the message of the provider', async (subject) => {
    await subject.failNextOpen('refused');
    const open = subject.provider.open(inputFor(subject));
    await expect(open).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringMatching(/\w+ \w+/),
    });
    expect(await subject.openedCount()).toBe(0);
  });
};
