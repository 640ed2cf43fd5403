import { expect } from 'vitest';
import { byRef, only, opened, progressOf, receivedIn } from './provider-evidence.ts';
import type { Check } from './provider-traits.ts';

/** What can be asked for once it is open. */
export const afterwardsChecks = (check: Check): void => {
  check(
    'cancel ends it; what is paid cannot be canceled',
    async (subject) => {
      const { provider } = subject;
      const act = { kind: 'cancel' } as const;
      const canceled = await opened(subject, 1);
      const input = { ref: canceled, object: null, key: 'cancel-1', act };
      expect(progressOf(await provider.act(input))).toEqual(['canceled']);
      const { observations } = await byRef(subject, canceled);
      expect(progressOf(only(observations))).toEqual(['canceled']);

      const paid = await opened(subject, 2);
      await subject.pay(paid);
      await expect(
        provider.act({ ref: paid, object: null, key: 'cancel-2', act }),
      ).rejects.toMatchObject({ code: 'provider_refused' });
    },
    ({ flow }) => flow.acts.includes('cancel'),
  );

  check('nobody is a customer that cannot be found', async ({ provider }, { has }) => {
    await expect(provider.customer({ ref: 'cus_nobody' })).rejects.toMatchObject({
      code: 'provider_refused',
      ...(has('customers') && { refusal: { status: 404 } }),
    });
  });

  check(
    'refunds in parts, once per key, never above what was received',
    async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const refund = (key: string, amount: number) =>
        subject.provider.refund({
          ref,
          payment: null,
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
    },
    ({ flow }) => flow.refund === 'partial',
  );

  check(
    'refunds a payment whole, once, whoever asks how often',
    async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const { observations } = await byRef(subject, ref);
      const payment = only(
        observations.flatMap(({ facts }) => facts.filter((fact) => fact.kind === 'payment')),
      );
      const { money } = payment;
      const refund = (key: string, mayBeDone: boolean) =>
        subject.provider.refund({ ref, payment, key, money, mayBeDone });
      const first = await refund('refund-1', false);
      expect(first.facts).toMatchObject([{ kind: 'refund', money, state: 'succeeded' }]);
      expect(await refund('refund-1', true)).toMatchObject({ facts: first.facts });
      expect(await refund('refund-2', false)).toMatchObject({ facts: first.facts });
      const seen = (await byRef(subject, ref)).observations.flatMap(({ facts }) => facts);
      expect(seen.filter(({ kind }) => kind === 'refund')).toEqual(first.facts);
    },
    ({ flow }) => flow.refund === 'whole',
  );

  check(
    'gives no money back',
    async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const money = { amount: 1000, currency: subject.currency ?? 'USD' };
      await expect(
        subject.provider.refund({ ref, payment: null, key: 'refund-1', money, mayBeDone: false }),
      ).rejects.toMatchObject({ code: 'provider_refused' });
      subject.later?.();
      expect(receivedIn((await byRef(subject, ref)).observations)).toBe(2050);
    },
    ({ flow }) => flow.refund === 'none',
  );
};
