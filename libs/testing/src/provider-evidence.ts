import type { Fact, FindResult, Observation, OpenInput } from '@quittance/contracts';
import { expect } from 'vitest';
import { openInput, type ProviderUnderTest } from './provider-under-test.ts';

export const progressOf = ({ facts }: Observation): string[] =>
  facts.flatMap((fact) => (fact.kind === 'progress' ? [fact.state] : []));

/** Minor units: what the payments add up to, or the provider's own total where that is more. */
export const receivedIn = (observations: readonly Observation[]): number => {
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

export const progressIn = ({ facts }: Observation): Fact[] =>
  facts.filter(({ kind }) => kind === 'progress');

export const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (item === undefined) throw new Error('Expected one');
  return item;
};

/** What `open` takes for an invoice of the provider under test. */
export const inputFor = (
  { options, projectRef, currency }: ProviderUnderTest,
  { id = 1, userId = 1 }: { id?: number; userId?: number } = {},
): OpenInput =>
  openInput(options, {
    id,
    userId,
    projectRef: projectRef ?? null,
    ...(currency !== undefined && { currency }),
  });

export const opened = async (subject: ProviderUnderTest, id = 1): Promise<string> => {
  const { observation } = await subject.provider.open(inputFor(subject, { id }));
  if (observation.ref === null) throw new Error('open gave no ref');
  return observation.ref;
};

export const byRef = (
  { provider }: ProviderUnderTest,
  ref: string,
  hint?: string,
): Promise<FindResult> =>
  provider.find({
    by: 'ref',
    ref,
    object: null,
    hints: hint === undefined ? [] : [hint],
    isUrgent: hint !== undefined,
  });
