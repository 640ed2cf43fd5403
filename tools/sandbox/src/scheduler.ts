export type Cancel = () => void;

/** Runs a task later, injected so that tests move the time instead of waiting. Delays are in milliseconds. */
export interface Scheduler {
  after: (delayMs: number, task: () => void) => Cancel;
}

export const systemScheduler: Scheduler = {
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs` milliseconds of the scheduler's time. */
export const wait = (scheduler: Scheduler, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    scheduler.after(delayMs, resolve);
  });
