import type { Clock } from '@quittance/runtime';
import type { Cancel, Scheduler } from '../scheduler.ts';
import type { Call } from './call.ts';
import type { StripeState } from './state.ts';

/** What Stripe does by itself once a time has passed. */
export interface DueWork {
  /** The earliest time that has to pass, in unix seconds; undefined while nothing waits. */
  nextDue: (state: StripeState) => number | undefined;
  /** Does everything whose time is before `call.now`. */
  run: (call: Call) => void;
}

export interface DueWorkRunner {
  /** Looks again at what comes next; called at the start and after every call. */
  look: () => void;
  close: () => void;
}

const longestTimerMs = 2 ** 31 - 1;

/** How long a work that failed waits, and any other that should have left nothing due. */
const retryMs = 1_000;

/** Runs each work when it comes due by the sandbox's clock. What waits is in the state, so it survives a restart. */
export const createDueWorkRunner = ({
  works,
  state,
  clock,
  scheduler,
  act,
}: {
  works: readonly DueWork[];
  state: StripeState;
  clock: Clock;
  scheduler: Scheduler;
  /** Does the work in a transaction of its own. */
  act: (work: (call: Call) => object) => void;
}): DueWorkRunner => {
  let armed: { dueAt: number; cancel: Cancel } | undefined;

  const runDue = (): void => {
    armed = undefined;
    const now = Math.floor(clock() / 1_000);
    for (const work of works) {
      if ((work.nextDue(state) ?? Infinity) >= now) continue;
      act((call) => {
        work.run(call);
        return {};
      });
    }
    arm(retryMs);
  };

  function arm(atLeastMs: number): void {
    const due = Math.min(...works.map(({ nextDue }) => nextDue(state) ?? Infinity));
    // A deadline has passed once its second is over.
    const dueAt = (due + 1) * 1_000;
    if (armed?.dueAt === dueAt) return;
    armed?.cancel();
    armed = undefined;
    if (dueAt === Infinity) return;
    const delayMs = Math.min(Math.max(atLeastMs, dueAt - clock()), longestTimerMs);
    armed = { dueAt, cancel: scheduler.after(delayMs, runDue) };
  }

  return {
    look: () => arm(0),
    close: () => armed?.cancel(),
  };
};
