import { expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const now = Date.UTC(2026, 0, 1);

test.each([
  ['120', 120_000],
  [' 120 ', 120_000],
  ['Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', null],
  ['0', null],
  ['-5', null],
  ['1.5', null],
  ['2027', 2_027_000],
  ['Fri Jan 01 2027', null],
  ['soon GMT', null],
  ['', null],
  [undefined, null],
])('%j asks for %s ms', (value, ms) => {
  expect(parseRetryAfter(value, now)).toBe(ms);
});
