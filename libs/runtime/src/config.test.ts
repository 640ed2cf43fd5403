import { expect, test } from 'vitest';
import { z } from 'zod';
import { commaSeparated, parseConfig, portNumber, secret } from './config.ts';

const schema = z.object({ PORT: portNumber.default(3000), TOKEN: secret, NAMES: commaSeparated });

test('reads, converts and defaults; an empty variable is an absent one', () => {
  expect(parseConfig(schema, { PORT: '', TOKEN: 'x'.repeat(16), NAMES: 'a, b' })).toEqual({
    PORT: 3000,
    TOKEN: 'x'.repeat(16),
    NAMES: ['a', 'b'],
  });
});

test('names every bad key at once and shows no value', () => {
  const parse = () => parseConfig(schema, { PORT: '70000', TOKEN: 'short-secret' });
  expect(parse).toThrow(/PORT: .*\n.*TOKEN: must be at least 16 characters\n.*NAMES: /);
  expect(parse).not.toThrow(/short-secret/);
});
