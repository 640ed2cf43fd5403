import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeClockOffset } from './clock-file.ts';
import { systemClock } from './clock.ts';
import { clockOf, followClock, followEveryMs } from './follow-clock.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-clock-'));
  file = join(folder, 'data', 'clock.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A clock that follows the file, while system time stands still at 1000. */
const following = () => {
  let elapsedMs = 0;
  const clock = followClock(file, { clock: () => 1_000, elapsed: () => elapsedMs });
  return {
    clock,
    pass: (ms: number) => {
      elapsedMs += ms;
    },
  };
};

test('is system time until the file is there, and from then on ahead by what it says', () => {
  const { clock, pass } = following();
  expect(clock()).toBe(1_000);
  for (const offsetMs of [500, 259_200_000, 0]) {
    writeClockOffset(file, offsetMs);
    pass(followEveryMs);
    expect(clock()).toBe(1_000 + offsetMs);
  }
});

test('starts where the file says', () => {
  writeClockOffset(file, 500);
  expect(following().clock()).toBe(1_500);
});

test('reads no more often than it must', () => {
  const { clock, pass } = following();
  writeClockOffset(file, 500);
  pass(followEveryMs - 1);
  expect(clock()).toBe(1_000);
  pass(1);
  expect(clock()).toBe(1_500);
});

test.each(['', '{', '{"offset_ms":"1"}', '[]'])('a file that holds %j', (text) => {
  writeClockOffset(file, 500);
  const { clock, pass } = following();
  writeFileSync(file, text);
  pass(followEveryMs);
  expect(clock()).toBe(1_500);
  expect(() => followClock(file)).toThrow(/clock\.json does not hold a clock/);
});

test('without a file there is system time only', () => {
  expect(clockOf(undefined)).toBe(systemClock);
});
