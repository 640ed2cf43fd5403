import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { describeBitsby } from './description.ts';

const env = {
  BITSBY_API_KEY: 'TestBitsbyApiKey0001',
  CORE_URL: 'http://127.0.0.1:3001',
  SERVICE_TOKEN: 'a-token-of-this-test',
};

test('what Bitsby asks for is what it starts with', () => {
  expect(loadConfig(env)).toEqual({
    ...env,
    BITSBY_API_URL: 'https://api.bitsby.app',
    BITSBY_PACE_MS: 1_100,
    BITSBY_PATIENCE_MS: 15_000,
    BITSBY_TIMEOUT_MS: 10_000,
    BITSBY_DOUBT_MS: 60_000,
    HOST: '127.0.0.1',
    PORT: 3003,
    LOG_LEVEL: 'info',
  });
});

test('every setting that is missing or wrong is named, and no value told', () => {
  const wrong = { BITSBY_API_KEY: 'short', BITSBY_PACE_MS: '0', BITSBY_PATIENCE_MS: '60000' };
  expect(() => loadConfig(wrong)).toThrow(
    /BITSBY_API_KEY:[^]*BITSBY_PACE_MS:[^]*BITSBY_PATIENCE_MS:[^]*CORE_URL:[^]*SERVICE_TOKEN:/,
  );
  expect(() => loadConfig(wrong)).not.toThrow(/short/);
});

test.each(['0', '10001'])('a pace of %s ms is none', (BITSBY_PACE_MS) => {
  expect(() => loadConfig({ ...env, BITSBY_PACE_MS })).toThrow('BITSBY_PACE_MS');
});

test.each([
  [{}, 60_000],
  [{ BITSBY_DOUBT_MS: '30000' }, 30_000],
  [{ BITSBY_DOUBT_MS: '0' }, 25_000],
  [{ BITSBY_DOUBT_MS: '0', BITSBY_PATIENCE_MS: '300', BITSBY_TIMEOUT_MS: '500' }, 800],
])(
  'with %o a try may come about for %i ms, as long as it is under way at least',
  (settings, ms) => {
    const { flows } = describeBitsby(loadConfig({ ...env, ...settings }));
    expect(flows.map(({ doubtMs }) => doubtMs)).toEqual([ms]);
  },
);

test('a clock that others can move is for emulated Bitsby only', () => {
  const SANDBOX_CLOCK_FILE = '/tmp/clock.json';
  expect(() => loadConfig({ ...env, SANDBOX_CLOCK_FILE })).toThrow(/SANDBOX_CLOCK_FILE/);
  const BITSBY_API_URL = 'http://127.0.0.1:3100';
  expect(loadConfig({ ...env, BITSBY_API_URL, SANDBOX_CLOCK_FILE })).toMatchObject({
    SANDBOX_CLOCK_FILE,
  });
});
