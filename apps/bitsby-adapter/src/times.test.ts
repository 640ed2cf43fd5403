import { afterEach, expect, test } from 'vitest';
import { dayOf, isoTime } from './times.ts';

const { TZ } = process.env;
afterEach(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

test.each(['UTC', 'America/New_York', 'Pacific/Kiritimati'])(
  'times are in UTC also in %s',
  (zone) => {
    process.env.TZ = zone;
    expect(isoTime('2024-03-10 02:30:00')).toBe('2024-03-10T02:30:00.000Z');
    expect(dayOf(Date.UTC(2024, 1, 29, 23, 59, 59, 999))).toBe('2024-02-29');
  },
);
