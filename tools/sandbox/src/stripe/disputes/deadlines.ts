import type { DueWork } from '../due-work.ts';
import type { StripeState } from '../state.ts';
import { loseDispute } from './settle.ts';

const unanswered = ['needs_response', 'warning_needs_response'];

const openDeadlines = (state: StripeState): { id: string; dueBy: number }[] => {
  const open: { id: string; dueBy: number }[] = [];
  for (const [id, { evidence_details: details, status }] of state.disputes.entries()) {
    if (unanswered.includes(status)) open.push({ id, dueBy: details.due_by ?? 0 });
  }
  return open.toSorted((a, b) => a.dueBy - b.dueBy);
};

/** A dispute that nobody answered in time is lost, and an inquiry closed. */
export const disputeDeadlines: DueWork = {
  nextDue: (state) => openDeadlines(state)[0]?.dueBy,
  run: (call) => {
    for (const { id, dueBy } of openDeadlines(call.state)) {
      const dispute = call.state.disputes.get(id);
      if (dispute !== undefined && dueBy < call.now) loseDispute(call, dispute);
    }
  },
};
