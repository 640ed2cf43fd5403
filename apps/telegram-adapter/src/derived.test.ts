import fc from 'fast-check';
import { expect, test } from 'vitest';
import { botsBusinessToken, isBotApiRef, isSame, refOf, webhookSecret } from './derived.ts';

const token = '7000000001:AAExampleTokenOfTheSandbox_01234567';
const otherToken = '7000000001:AAExampleTokenOfTheSandbox_01234568';

const anyKey = fc.string({ minLength: 1, maxLength: 255, unit: 'binary' });

test('a ref is told from its key alone, by who has the token, and fits into a link and a payload', () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      const ref = refOf(token, key);
      expect(ref).toBe(refOf(token, key));
      expect(ref).not.toBe(refOf(otherToken, key));
      expect(ref).toMatch(/^invoice-[A-Z0-9]{16}$/);
      expect(isBotApiRef(ref)).toBe(true);
    }),
  );
});

test('no two keys have the same ref, however alike they are', () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `quittance-invoice-${index}`);
  expect(new Set(keys.map((key) => refOf(token, key))).size).toBe(keys.length);
  fc.assert(
    fc.property(fc.uniqueArray(anyKey, { minLength: 2, maxLength: 50 }), (unlike) => {
      expect(new Set(unlike.map((key) => refOf(token, key))).size).toBe(unlike.length);
    }),
  );
});

test('every character of a ref is as likely as any other', () => {
  const refs = Array.from({ length: 20_000 }, (_, index) => refOf(token, String(index)));
  for (let place = 8; place < 24; place += 1) {
    const counts = new Map<string, number>();
    for (const ref of refs) counts.set(ref[place] ?? '', (counts.get(ref[place] ?? '') ?? 0) + 1);
    expect(counts.size).toBe(36);
    // About 556 each; six standard deviations of it are 140.
    for (const count of counts.values()) expect(Math.abs(count - 20_000 / 36)).toBeLessThan(140);
  }
});

test('refs of the BBP bot are another flow', () => {
  expect(isBotApiRef('invoice-JJD0EOPJ')).toBe(false);
  expect(isBotApiRef('invoice-jjd0eopjjjd0eopj')).toBe(false);
  expect(isBotApiRef(`${refOf(token, 'a')} `)).toBe(false);
});

test('the secrets are of Telegram’s alphabet, each its own, and change with the token', () => {
  const secrets = [token, otherToken].flatMap((bot) => [
    webhookSecret(bot),
    botsBusinessToken(bot, 1),
    botsBusinessToken(bot, 2),
  ]);
  expect(new Set(secrets).size).toBe(secrets.length);
  for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
  expect(webhookSecret(token)).toBe(webhookSecret(token));
});

test('a ref, which everybody may see, tells nothing of a secret', () => {
  const secrets = [
    webhookSecret(token),
    ...[0, 1, 2].map((user) => botsBusinessToken(token, user)),
  ];
  for (const secret of secrets) {
    const number = BigInt(`0x${Buffer.from(secret, 'base64url').toString('hex')}`) % 36n ** 16n;
    const sameDigest = `invoice-${number.toString(36).toUpperCase().padStart(16, '0')}`;
    for (const key of ['', '0', '1', '2', 'webhook'])
      expect(refOf(token, key)).not.toBe(sameDigest);
  }
});

test('only what is the same is the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(isSame(a, a)).toBe(true);
      expect(isSame(a, b)).toBe(a === b);
    }),
  );
});
