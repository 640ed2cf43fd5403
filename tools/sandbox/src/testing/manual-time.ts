import type { Clock } from '@quittance/runtime';
import type { Scheduler } from '../scheduler.ts';

interface Task {
  dueAt: number;
  delayMs: number;
  run: () => void;
}

export interface ManualTime {
  clock: Clock;
  scheduler: Scheduler;
  /** Moves the time and runs what comes due on the way, in order. */
  advance: (ms: number) => void;
  /** Resolves once a task with this delay is scheduled. */
  waitingFor: (delayMs: number) => Promise<void>;
}

/** Time that stands still until a test moves it. Starts at a fixed moment, in UTC milliseconds. */
export const createManualTime = (startMs = Date.UTC(2026, 0, 1)): ManualTime => {
  let now = startMs;
  let tasks: Task[] = [];
  let watchers: { delayMs: number; resolve: () => void }[] = [];

  const isWaiting = (delayMs: number): boolean => tasks.some((task) => task.delayMs === delayMs);

  return {
    clock: () => now,
    scheduler: {
      after: (delayMs, run) => {
        const task = { dueAt: now + delayMs, delayMs, run };
        tasks.push(task);
        for (const watcher of watchers) if (watcher.delayMs === delayMs) watcher.resolve();
        watchers = watchers.filter((watcher) => watcher.delayMs !== delayMs);
        return () => {
          tasks = tasks.filter((other) => other !== task);
        };
      },
    },
    advance: (ms) => {
      const until = now + ms;
      for (;;) {
        const [next] = tasks
          .filter(({ dueAt }) => dueAt <= until)
          .toSorted((a, b) => a.dueAt - b.dueAt);
        if (next === undefined) break;
        now = Math.max(now, next.dueAt);
        tasks = tasks.filter((task) => task !== next);
        next.run();
      }
      now = until;
    },
    waitingFor: (delayMs) =>
      isWaiting(delayMs)
        ? Promise.resolve()
        : new Promise((resolve) => {
            watchers.push({ delayMs, resolve });
          }),
  };
};
