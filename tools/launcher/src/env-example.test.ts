import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { configSchema as bitsbyAdapter } from '@quittance/bitsby-adapter/config';
import { configSchema as gateway } from '@quittance/gateway/config';
import { configSchema as core } from '@quittance/invoice-core/config';
import { Config as sandbox } from '@quittance/sandbox/config';
import { configSchema as stripeAdapter } from '@quittance/stripe-adapter/config';
import { configSchema as telegramAdapter } from '@quittance/telegram-adapter/config';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cliConfigSchema as cli } from './cli/settings.ts';
import { configSchema as hub, loadConfig } from './config.ts';

const text = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');

/** The hub's first: where defaults differ, the example shows the hub's. */
const shapes: Readonly<Record<string, z.ZodType>>[] = [
  hub.shape,
  gateway.shape,
  core.shape,
  stripeAdapter.shape,
  bitsbyAdapter.shape,
  telegramAdapter.shape,
  sandbox.shape,
  cli.shape,
];
const keys = [...new Set(shapes.flatMap((shape) => Object.keys(shape)))].toSorted();
const uncommented = parseEnv(text.replaceAll(/^# (?=[A-Z_]+=)/gm, ''));

const defaultOf = (key: string): string => {
  const schema = shapes.find((shape) => key in shape)?.[key];
  return z.coerce.string().parse(schema?.safeParse(undefined).data ?? '');
};

describe('.env.example', () => {
  test('names exactly the variables that are read', () => {
    expect(Object.keys(uncommented).toSorted()).toEqual(keys);
  });

  test('shows the defaults', () => {
    expect(uncommented).toEqual(Object.fromEntries(keys.map((key) => [key, defaultOf(key)])));
  });

  test('changes nothing, as it is or with every line in use', () => {
    expect(loadConfig(parseEnv(text))).toEqual(loadConfig({}));
    expect(loadConfig(uncommented)).toEqual(loadConfig({}));
  });
});
