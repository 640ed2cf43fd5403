import { expect, test } from 'vitest';
import { createManualTime } from '../testing/manual-time.ts';
import { createMovableClock } from './movable-clock.ts';
import { createMovingScheduler } from './moving-scheduler.ts';

const open = () => {
  const time = createManualTime(0);
  const clock = createMovableClock({ unmoved: time.clock });
  const scheduler = createMovingScheduler(clock, time.scheduler);
  const ran: string[] = [];
  const after = (delayMs: number, name: string, work: () => void = () => undefined) =>
    scheduler.after(delayMs, () => {
      ran.push(name);
      work();
    });
  return { time, clock, ran, after };
};

test('unmoved, tasks run when their time has passed', () => {
  const { time, ran, after } = open();
  after(10, 'a');
  after(5, 'b')();
  time.advance(9);
  expect(ran).toEqual([]);
  time.advance(1);
  expect(ran).toEqual(['a']);
});

test('what a move makes due runs at once, in order, and once; the rest waits for what is left', async () => {
  const { time, clock, ran, after } = open();
  after(200, 'c');
  after(20, 'b');
  const cancel = after(30, 'canceled by a');
  after(10, 'a', () => {
    cancel();
    after(50, 'from a');
  });
  await clock.advance(150);
  expect(ran).toEqual(['a', 'b']);
  time.advance(49);
  expect(ran).toEqual(['a', 'b']);
  time.advance(1);
  expect(ran.toSorted()).toEqual(['a', 'b', 'c', 'from a']);
  time.advance(1_000);
  expect(ran).toHaveLength(4);
});

test('putting the clock back makes no task wait longer than it was asked to', async () => {
  const { time, clock, ran, after } = open();
  await clock.advance(1_000_000);
  after(100, 'a');
  await clock.reset();
  expect(ran).toEqual([]);
  time.advance(100);
  expect(ran).toEqual(['a']);
  await clock.advance(1_000_000);
  expect(ran).toEqual(['a']);
});
