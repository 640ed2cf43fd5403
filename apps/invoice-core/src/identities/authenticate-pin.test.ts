import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuthenticatePin } from '@quittance/contracts';
import { toDomainError } from '@quittance/rpc';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { pauseAfter } from './pin-tries.ts';

const telegramId = 700_000_001;
const nobodyId = 700_000_009;
const pin = 'a1B2c3';

const openLinked = async (settings: Parameters<typeof openCore>[0] = {}) => {
  const core = await openCore(settings);
  const { userId } = core.caller;
  await core.app.core.identities.linkTelegram({ userId, telegramId, pin });
  return core;
};

const authenticate = (
  { app }: Pick<CoreUnderTest, 'app'>,
  guess: string,
  who: AuthenticatePin['who'] = { telegramId },
) => app.core.identities.authenticatePin({ who, pin: guess });

/** What somebody is told: the code of an error, with how long to wait. */
const told = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    return await call;
  } catch (error) {
    const { code, message, retryAfterMs } = toDomainError(error);
    return { code, message, retryAfterMs };
  }
};

const wrong = { code: 'unauthenticated', message: 'The PIN is not right', retryAfterMs: undefined };
const locked = (retryAfterMs: number) => ({
  code: 'rate_limited',
  message: 'Too many wrong PINs: try again later',
  retryAfterMs,
});

const failWith = async (
  core: Pick<CoreUnderTest, 'app'>,
  times: number,
  who?: AuthenticatePin['who'],
): Promise<void> => {
  for (let n = 0; n < times; n += 1) {
    expect(await told(authenticate(core, 'wrong', who))).toEqual(wrong);
  }
};

const triesOf = async ({ store }: CoreUnderTest) =>
  store.read.selectFrom('pin_tries').selectAll().orderBy('telegram_id').execute();

describe('a PIN', () => {
  test('says who somebody is', async () => {
    await using core = await openLinked();
    expect(await authenticate(core, pin)).toEqual(core.caller);
    expect(await triesOf(core)).toEqual([]);
  });

  test('that is wrong, of a user who has none, and of nobody are refused alike', async () => {
    await using core = await openLinked();
    const { accountId } = core.caller;
    const { identities } = core.app.core;
    const grace = await identities.createUser({ accountId, name: 'Grace', email: null });
    await identities.linkTelegram({ userId: grace.id, telegramId: 5, pin: null });
    const guesses = ['', 'wrong', pin.toLowerCase(), `${pin}\0`, 'x'.repeat(64)];
    const people = [{ telegramId }, { telegramId: 5 }, { telegramId: nobodyId }];
    for (const who of people) {
      for (const guess of guesses)
        expect(await told(authenticate(core, guess, who))).toEqual(wrong);
    }
    for (const who of people.slice(1)) {
      core.clock.advance(30_000);
      expect(await told(authenticate(core, pin, who))).toEqual(wrong);
    }
  });

  test('can be set anew by whoever is in the chat, and opens at once also after a lockout', async () => {
    await using core = await openLinked();
    await failWith(core, 5);
    await core.app.core.identities.setPin({ telegramId, pin: 'Zz9!' });
    expect(await authenticate(core, 'Zz9!')).toEqual(core.caller);
    expect(await told(authenticate(core, pin))).toEqual(wrong);
  });

  test('is gone when its user becomes somebody else in Telegram without one', async () => {
    await using core = await openLinked();
    const { userId } = core.caller;
    await core.app.core.identities.linkTelegram({ userId, telegramId: 5, pin: null });
    expect(await told(authenticate(core, pin))).toEqual(wrong);
    expect(await told(authenticate(core, pin, { telegramId: 5 }))).toEqual(wrong);
  });
});

describe('wrong PINs', () => {
  test('lock out after five, for 30 s and twice as long after each further one, up to an hour', async () => {
    const pauses = Array.from({ length: 16 }, (_, n) => pauseAfter(n) / 1000);
    expect(pauses).toEqual([
      0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600,
    ]);
    expect(pauseAfter(1_000_000)).toBe(3_600_000);

    await using core = await openLinked();
    await failWith(core, 5);
    for (const pause of [30_000, 60_000, 120_000]) {
      expect(await told(authenticate(core, pin))).toEqual(locked(pause));
      core.clock.advance(pause - 1);
      expect(await told(authenticate(core, 'wrong'))).toEqual(locked(1));
      core.clock.advance(1);
      await failWith(core, 1);
    }
    core.clock.advance(240_000);
    expect(await authenticate(core, pin)).toEqual(core.caller);
  });

  test('are counted of nobody as of somebody', async () => {
    await using core = await openLinked();
    for (const who of [{ telegramId }, { telegramId: nobodyId }]) await failWith(core, 5, who);
    for (const who of [{ telegramId }, { telegramId: nobodyId }]) {
      expect(await told(authenticate(core, pin, who))).toEqual(locked(30_000));
    }
    const [one, other] = await triesOf(core);
    expect({ ...one, telegram_id: nobodyId }).toEqual(other);
  });

  test('lock out nobody else', async () => {
    await using core = await openLinked();
    await failWith(core, 5, { telegramId: nobodyId });
    expect(await authenticate(core, pin)).toEqual(core.caller);
  });

  test('stay with the right one, which counts for nothing: who guesses gains no tries by it', async () => {
    await using core = await openLinked();
    await failWith(core, 4);
    for (let round = 0; round < 3; round += 1) {
      expect(await authenticate(core, pin)).toEqual(core.caller);
    }
    expect(await triesOf(core)).toMatchObject([{ failures: 4 }]);
    await failWith(core, 1);
    expect(await told(authenticate(core, pin))).toEqual(locked(30_000));
  });

  test('that were none leave nothing', async () => {
    await using core = await openLinked();
    expect(await authenticate(core, pin)).toEqual(core.caller);
    expect(await triesOf(core)).toEqual([]);
  });

  test('at once are no more than one after the other, with the right one among them', async () => {
    await using core = await openLinked();
    const apps = [core, { app: await core.restart() }];
    const guesses = Array.from({ length: 40 }, (_, n) => (n === 39 ? pin : `guess${n}`));
    const answers = await Promise.all(
      guesses.map((guess, n) => told(authenticate(apps[n % 2] ?? core, guess))),
    );
    expect(
      answers.filter((answer) => JSON.stringify(answer) === JSON.stringify(wrong)),
    ).toHaveLength(5);
    expect(answers).not.toContainEqual(core.caller);
    expect(answers.at(-1)).toEqual(locked(30_000));
    expect(await triesOf(core)).toMatchObject([{ failures: 5 }]);
  });

  test('are known after a restart', async () => {
    await using core = await openLinked();
    await failWith(core, 5);
    const app = await core.restart();
    expect(await told(authenticate({ app }, pin))).toEqual(locked(30_000));
  });

  test('are forgotten after a quiet day, the rows of many whom nobody knows a few at a time', async () => {
    await using core = await openLinked();
    await failWith(core, 4);
    for (let n = 0; n < 150; n += 1) await failWith(core, 1, { telegramId: 1000 + n });
    core.clock.advance(24 * 3_600_000 + 1);
    await failWith(core, 4);
    expect(await triesOf(core)).toMatchObject([{ telegram_id: telegramId, failures: 4 }]);
    core.clock.advance(1);
    await failWith(core, 4, { telegramId: 2000 });
    core.clock.advance(24 * 3_600_000);
    await failWith(core, 1, { telegramId: 2001 });
    expect((await triesOf(core)).map(({ telegram_id }) => telegram_id)).toEqual([2000, 2001]);
  });

  test('lock out nobody for long when the clock is set back', async () => {
    await using core = await openLinked();
    core.clock.advance(86_400_000);
    await failWith(core, 5);
    core.clock.advance(-86_400_000);
    expect(await authenticate(core, pin)).toEqual(core.caller);
  });
});

describe('by the ref of an invoice', () => {
  const byRef = (ref: string) => ({ provider: 'telegram', ref }) as const;

  const openInvoiced = async () => {
    const core = await openLinked();
    const { providerRef } = await core.app.core.invoices.create(core.telegramInvoice());
    return { ...core, ref: providerRef ?? '' };
  };

  test('its user is who has the PIN, and no other invoice is found', async () => {
    await using core = await openInvoiced();
    const { ref } = core;
    expect(await authenticate(core, pin, byRef(ref))).toEqual(core.caller);
    const unknown = authenticate(core, pin, byRef('invoice-0000000000000000'));
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
    await expect(authenticate(core, pin, { provider: 'stripe', ref })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await triesOf(core)).toEqual([]);
  });

  test('tries are those of its user, however the user is named', async () => {
    await using core = await openInvoiced();
    const { ref } = core;
    await failWith(core, 3, byRef(ref));
    await failWith(core, 2);
    expect(await told(authenticate(core, pin, byRef(ref)))).toEqual(locked(30_000));
    expect(await told(authenticate(core, pin))).toEqual(locked(30_000));
  });

  test('whose user is nobody in Telegram it is refused and locked out as any other', async () => {
    await using core = await openCore();
    const { providerRef } = await core.app.core.invoices.create(core.telegramInvoice());
    const who = byRef(providerRef ?? '');
    await failWith(core, 5, who);
    expect(await told(authenticate(core, pin, who))).toEqual(locked(30_000));
    expect((await triesOf(core)).map(({ telegram_id }) => telegram_id)).toEqual([
      -core.caller.userId,
    ]);
  });
});

test('nothing of a PIN is in logs, errors or the database', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  await using core = await openLinked({ log });
  const guess = 'gUe55';
  const error = await authenticate(core, guess).catch((cause: unknown) => cause);
  expect(JSON.stringify(error) + String(error)).not.toContain(guess);
  await authenticate(core, pin);
  expect(lines.join('')).not.toMatch(/gUe55|a1B2c3/);
  for (const name of await readdir(core.folder)) {
    const bytes = await readFile(join(core.folder, name), 'latin1');
    expect(bytes).not.toMatch(/gUe55|a1B2c3/);
  }
});
