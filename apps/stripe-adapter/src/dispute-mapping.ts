import type { Fact } from '@quittance/contracts';
import type { Dispute } from '@quittance/contracts/stripe';
import { fromStripeAmount } from './currencies.ts';

type DisputeState = Extract<Fact, { kind: 'dispute' }>['state'];

const closedStates = new Map<string, DisputeState>([
  ['won', 'won'],
  ['warning_closed', 'won'],
  ['prevented', 'won'],
  ['lost', 'lost'],
]);

/** Every other status, also one that Stripe did not have when this was written, leaves it to be decided. */
const stateOf = ({ status }: Dispute): DisputeState => closedStates.get(status) ?? 'open';

export const disputeFact = (dispute: Dispute): Fact => ({
  kind: 'dispute',
  ref: dispute.id,
  money: fromStripeAmount(dispute.amount, dispute.currency),
  state: stateOf(dispute),
});
