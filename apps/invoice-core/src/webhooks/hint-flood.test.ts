import { describe, expect, test } from 'vitest';
import { type HintedCore, hourMs, minuteMs, openHinted } from '../invoices/hinted-under-test.ts';

const bodyOf = (value: number, payment = 'mine'): string =>
  JSON.stringify({ ref: 'hint_1', payment, value });

/** Somebody who knows the URL sends a webhook that Bitsby never sent. */
const forge = ({ app, token }: HintedCore, body: string) =>
  app.core.webhooks.receive({ provider: 'bitsby', token, webhook: { headers: {}, body } });

const keptOf = async ({ app, caller }: HintedCore): Promise<string[]> => {
  const { otherObservations } = await app.core.invoices.explain({ caller, id: 1 });
  return otherObservations.flatMap(({ source, raw }) => (source === 'webhook' ? [raw] : []));
};

describe('however many webhooks come', () => {
  test('the first has the provider asked at once, then it is asked every 30 s at most', async () => {
    await using core = await openHinted({ pace: { everyMs: 1100, patienceMs: 15_000 } });
    for (let second = 0; second < 120; second += 1) {
      await forge(core, bodyOf(second));
      await core.app.work();
      core.clock.advance(1000);
    }
    const times = core.asked.map(({ ms }) => ms);
    expect(times).toEqual([0, 30_000, 60_000, 90_000]);
    expect(core.asked.map(({ isUrgent }) => isUrgent)).toEqual([true, true, true, true]);
  });

  test('as many looks are tried while the provider does not answer as otherwise', async () => {
    await using core = await openHinted();
    let tried = 0;
    core.bitsby.provider.find = () => {
      tried += 1;
      return Promise.reject(new Error('It hangs up'));
    };
    for (let second = 0; second < 60; second += 1) {
      await forge(core, bodyOf(second));
      await core.app.work();
      core.clock.advance(1000);
    }
    // Put off by 1, 2, 4, 8, 16 and 32 s or less, and twice because of new ones.
    expect(tried).toBeLessThanOrEqual(10);
  });

  test('the newest five of an invoice are kept and passed on, and explain shows those', async () => {
    await using core = await openHinted();
    const bodies = Array.from({ length: 8 }, (_, n) => bodyOf(n));
    for (const body of bodies) await forge(core, body);
    expect(await keptOf(core)).toEqual(bodies.slice(3));
    await core.app.work();
    expect(core.asked).toMatchObject([{ hints: bodies.slice(3).toReversed() }]);
  });

  test('none has the provider asked about what is settled, unless it tells of another payment', async () => {
    await using core = await openHinted();
    await core.bitsby.pay('hint_1', { ref: 'pay_1' });
    await core.tell();
    await core.app.work();
    expect(await core.get()).toMatchObject({ status: 'paid' });
    for (let value = 0; value < 5; value += 1) await forge(core, bodyOf(value, 'pay_1'));
    await core.goOn(hourMs, minuteMs);
    expect(core.asked).toHaveLength(1);
    await core.bitsby.pay('hint_1', { ref: 'pay_2' });
    await core.tell();
    await core.goOn(minuteMs, 1000);
    expect(core.asked).toHaveLength(2);
    expect(await core.get()).toMatchObject({ status: 'paid', exception: 'over' });
  });
});

test('a look is urgent while a webhook is newer than the last one, also when that one failed', async () => {
  await using core = await openHinted();
  const { find } = core.bitsby.provider;
  let fails = 1;
  core.bitsby.provider.find = async (input) => {
    const found = await find(input);
    fails -= 1;
    if (fails >= 0) throw new Error('It hangs up');
    return found;
  };
  core.clock.advance(1);
  await forge(core, bodyOf(1));
  await core.app.work();
  await core.goOn(10 * minuteMs);
  expect(core.asked.slice(0, 3).map(({ isUrgent }) => isUrgent)).toEqual([true, true, false]);
  expect(core.asked.at(-1)?.hints).toEqual([bodyOf(1)]);
});

/** A webhook of so many bytes, one letter of which has two. */
const bodyOfBytes = (bytes: number): string => {
  const [start, ending] = [bodyOf(1).slice(0, -1), ',"more":"ä"}'];
  return start + ' '.repeat(bytes - Buffer.byteLength(start + ending)) + ending;
};

test('a webhook of 32 kB is taken, and one with a byte more is not', async () => {
  await using core = await openHinted();
  const largest = bodyOfBytes(32 * 1024);
  expect(await forge(core, largest)).toMatchObject({ status: 200 });
  const refused = { code: 'payload_too_large' };
  await expect(forge(core, bodyOfBytes(32 * 1024 + 1))).rejects.toMatchObject(refused);
  expect(await keptOf(core)).toEqual([largest]);
});
