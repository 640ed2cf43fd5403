import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@quittance/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { readLimits } from './currencies.ts';

const fileWith = (content: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'telegram-currencies-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'currencies.json');
  writeFileSync(file, content);
  return file;
};

test('Telegram’s table has its limits in minor units; Stars begin at one', () => {
  const limits = readLimits(undefined);
  expect(limits).toMatchObject({
    XTR: { min: 1, step: 1 },
    USD: { min: 100, max: 1_000_000, step: 1 },
    JPY: { min: 109, max: 1_095_549 },
    UGX: { min: 3657, max: 36_575_502 },
  });
  expect(Object.keys(limits).length).toBeGreaterThan(80);
});

test('what is no money any more is not collected', () => {
  expect(readLimits(undefined)).not.toHaveProperty('HRK');
});

test('a file in Telegram’s own form takes the place of the table, but for Stars', () => {
  const usd = { code: 'USD', title: 'Dollar', exp: 2, min_amount: '101', max_amount: 999_999 };
  const eur = { exp: 2, min_amount: '90', max_amount: '900000' };
  expect(readLimits(fileWith(JSON.stringify({ USD: usd, EUR: eur })))).toEqual({
    XTR: { min: 1, max: 1_000_000, step: 1 },
    USD: { min: 101, max: 999_999, step: 1 },
    EUR: { min: 90, max: 900_000, step: 1 },
  });
  const stars = { exp: 0, min_amount: '2', max_amount: '2500' };
  expect(readLimits(fileWith(JSON.stringify({ XTR: stars })))).toEqual({
    XTR: { min: 2, max: 2500, step: 1 },
  });
});

test('a currency with other decimals than ours cannot be collected, nor one that we do not know', () => {
  const row = { min_amount: '1', max_amount: '2' };
  const table = { ISK: { exp: 2, ...row }, USD: { exp: 2, ...row }, ABC: { exp: 2, ...row } };
  expect(Object.keys(readLimits(fileWith(JSON.stringify(table))))).toEqual(['XTR', 'USD']);
});

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['an amount that is none', '{"USD":{"exp":2,"min_amount":"1.5","max_amount":"2"}}'],
  ['no maximum', '{"USD":{"exp":2,"min_amount":"1"}}'],
])('a file with %s stops the start, and says which', (_title, content) => {
  const file = fileWith(content);
  expect(() => readLimits(file)).toThrow(ConfigError);
  expect(() => readLimits(file)).toThrow(file);
});

test('a file that is not there stops the start', () => {
  expect(() => readLimits('/nowhere/currencies.json')).toThrow(ConfigError);
});
