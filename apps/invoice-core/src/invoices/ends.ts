import type { Fact } from '@quittance/contracts';
import { compareText } from './compare-text.ts';

export type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

/** A fact and when it was so, UTC ms, by the provider's clock. */
export type Timed<F> = F & { at: number };
export type Said = Timed<FactOf<'progress'>>;

/** When we ourselves ended an invoice: by its expiry, or where the provider knows no cancelling, by cancel. UTC ms. */
export interface Closing {
  as: 'expired' | 'canceled';
  at: number;
  /** When we did so. */
  madeAt: number;
}

type Ended = Pick<Closing, 'as' | 'at'>;

const endOf = ({ state, at }: Said): Ended | undefined =>
  state === 'expired' || state === 'canceled' ? { as: state, at } : undefined;

/** When the provider stops taking money for it, by its newest word. */
export const endsAtOf = (facts: readonly Timed<Fact>[]): number | null => {
  const said = facts.findLast((fact) => fact.kind === 'ends');
  return said ? Date.parse(said.time) : null;
};

/** What we ourselves ended. Where the provider says when it ends, our expiry is at that time, and none before it. */
const ownEnds = (closings: readonly Closing[], endsAt: number | null): Ended[] =>
  closings.flatMap(({ as, at, madeAt }) => {
    if (as === 'canceled' || endsAt === null) return [{ as, at }];
    return madeAt < endsAt ? [] : [{ as, at: endsAt }];
  });

/** The first thing that ended the invoice, whether we or the provider did. */
export const firstEnd = (
  progress: readonly Said[],
  closings: readonly Closing[],
  endsAt: number | null,
): Ended | undefined =>
  [...ownEnds(closings, endsAt), ...progress.flatMap((fact) => endOf(fact) ?? [])]
    .toSorted((a, b) => a.at - b.at || compareText(b.as, a.as))
    .at(0);
