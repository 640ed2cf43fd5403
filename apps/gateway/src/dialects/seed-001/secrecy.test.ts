import { inspect } from 'node:util';
import { silentLogger } from '@quittance/runtime';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aPin, lockedPin } from '../../core-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { commands, order, question, ways } from './requests-under-test.ts';

const payload = 'a-payload-that-is-nobodys-business';
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

let gateway: GatewayUnderTest;
let logged: unknown[][];
beforeEach(() => {
  gateway = openGateway();
  logged = [];
  for (const level of levels) {
    vi.spyOn(silentLogger, level).mockImplementation((...entry: unknown[]) => {
      logged.push(entry);
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Everything that was logged, with every hidden cause. */
const logs = (): string => inspect(logged, { depth: null, maxStringLength: null });

describe.each(ways)('by %s', (_way, send) => {
  test.each([
    ['new-invoice', { ...order, payload }],
    ['invoice-status', { ...question, payload }],
  ])('no log of %s has the PIN or the payload', async (command, parameters) => {
    const path = `${commands}/${command}`;
    const statuses: number[] = [];
    const ask = async (change: Record<string, string> = {}, at = path) => {
      const { status, body } = await send(gateway, at, { ...parameters, ...change });
      statuses.push(status);
      for (const secret of [aPin, lockedPin, payload]) {
        expect(JSON.stringify(body)).not.toContain(secret);
      }
    };
    await ask();
    await ask({ pin: lockedPin });
    await ask({ pin: `${aPin}0` });
    await ask({ invoiceId: '', amount: '' });
    await ask({}, `/v2/bots/7/web-app/${command}`);
    await ask({}, `${commands}/send`);
    gateway.failWith(new Error('Nobody foresaw it'));
    await ask();
    expect(statuses).toEqual([200, 429, 401, 400, 404, 404, 500]);
    expect(logs()).toContain(`path: '${path}'`);
    for (const secret of [aPin, lockedPin, payload]) expect(logs()).not.toContain(secret);
  });
});
