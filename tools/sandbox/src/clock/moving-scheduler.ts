import type { Cancel, Scheduler } from '../scheduler.ts';
import type { MovableClock } from './movable-clock.ts';

interface Task {
  /** UTC ms, by the moved clock. */
  dueAt: number;
  delayMs: number;
  run: () => void;
  disarm: Cancel;
}

/**
 * Runs tasks by a clock that is moved: those that come due by it run at once, in order. Putting the clock back makes no
 * task wait longer than it was asked to.
 */
export const createMovingScheduler = (clock: MovableClock, timers: Scheduler): Scheduler => {
  const tasks = new Set<Task>();

  const run = (task: Task): void => {
    if (!tasks.delete(task)) return;
    task.disarm();
    task.run();
  };

  const rearm = (task: Task, delayMs: number): void => {
    if (!tasks.has(task)) return;
    task.disarm();
    task.disarm = timers.after(delayMs, () => run(task));
  };

  clock.onMoved(() => {
    const now = clock.now();
    for (const task of [...tasks].toSorted((a, b) => a.dueAt - b.dueAt)) {
      task.dueAt = Math.min(task.dueAt, now + task.delayMs);
      if (task.dueAt <= now) run(task);
      else rearm(task, task.dueAt - now);
    }
  });

  return {
    after: (delayMs, work) => {
      const task: Task = {
        dueAt: clock.now() + delayMs,
        delayMs,
        run: work,
        disarm: timers.after(delayMs, () => run(task)),
      };
      tasks.add(task);
      return () => {
        if (tasks.delete(task)) task.disarm();
      };
    },
  };
};
