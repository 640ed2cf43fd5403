import type { Explanation, Fact } from '@quittance/contracts';
import type {
  CanonicalExplanation,
  CanonicalFact,
  CanonicalObservation,
} from '@quittance/contracts/canonical';
import { toCanonicalEvent } from './from-core.ts';

const toCanonicalFact = (fact: Fact): CanonicalFact => {
  if (fact.kind === 'progress' || fact.kind === 'ends') return fact;
  if (fact.kind === 'owed') return { kind: fact.kind, ...fact.money };
  const { ref, money, ...rest } = fact;
  return { providerRef: ref, ...money, ...rest };
};

const toCanonicalObservation = ({
  facts,
  ...same
}: Explanation['otherObservations'][number]): CanonicalObservation => ({
  ...same,
  facts: facts.map(toCanonicalFact),
});

export const toCanonicalExplanation = ({
  transitions,
  acts,
  otherObservations,
}: Explanation): CanonicalExplanation => ({
  transitions: transitions.map(({ rule, observation, act, ...event }) => ({
    event: toCanonicalEvent(event),
    rule,
    observation: observation === null ? null : toCanonicalObservation(observation),
    act,
  })),
  acts,
  otherObservations: otherObservations.map(toCanonicalObservation),
});
