import { describe, expect, test } from 'vitest';
import { bitsbyBooks, madeBySides } from './bitsby-books-under-test.ts';
import { atBitsby, form, orderOf } from './bitsby-under-test.ts';
import { advance, control, minutes } from './faulty-hub-under-test.ts';
import { everyLauncher, openHub } from './hub-under-test.ts';

const settings = {
  BITSBY_PACE_MS: '20',
  BITSBY_PATIENCE_MS: '500',
  BITSBY_TIMEOUT_MS: '300',
  BITSBY_DOUBT_MS: '4000',
};

describe.each(everyLauncher)('the hub %s', (how) => {
  test('an invoice that Bitsby makes after the hub has given up waiting is made once', async () => {
    await using hub = await openHub(how, settings);
    await atBitsby(hub, 'PUT', '/settings', { rateLimit: false });
    const late = { fault: 'late_after', match: 'POST /invoices/create', late_ms: 1000 };
    await control(hub, 'faults', 'PUT', { script: [late] });
    const create = () => form(hub, '/invoices/create', orderOf(hub), { 'idempotency-key': 'late' });
    expect(await create()).toMatchObject({ status: 504 });
    // Bitsby has nothing of it yet, which is no reason to make another.
    expect(await create()).toMatchObject({ status: 504 });
    expect(await bitsbyBooks(hub)).toEqual([]);
    await expect.poll(() => bitsbyBooks(hub), { timeout: 3000 }).toHaveLength(1);
    expect(await create()).toMatchObject({ status: 200 });
    await advance(hub, 10 * minutes);
    const { atHub, atBitsby: theirs } = await madeBySides(hub);
    expect(atHub).toEqual(theirs);
    expect(theirs).toHaveLength(1);
  }, 30_000);
});
