import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRpcListener, router } from '@quittance/rpc';
import { listen } from '@quittance/runtime';
import { expect, test } from 'vitest';
import { freePort } from './free-port.ts';
import { sourceProgram } from './services.ts';

test('a gateway with a wrong service token answers 500, and tells the operator why', async () => {
  const listener = createRpcListener(router({}), {
    serviceToken: 'the-token-of-the-core',
    onUnexpectedError: () => undefined,
  });
  const core = await listen(listener, { host: '127.0.0.1', port: 0 });
  const port = await freePort();
  const gateway = spawn(process.execPath, [sourceProgram('gateway')], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      CORE_URL: core.url,
      SERVICE_TOKEN: 'the-token-of-another-hub',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = once(gateway, 'close');
  let logged = '';
  gateway.stderr.on('data', (text: Buffer) => {
    logged += text.toString();
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    const isUp = () =>
      fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(isUp, { timeout: 10_000, interval: 20 }).toBe(true);

    const response = await fetch(`${url}/v1/invoice/1`, {
      headers: { authorization: 'Bearer qk_test_of_a_merchant' },
    });
    expect(response.status).toBe(500);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.text()).not.toMatch(/token/i);
  } finally {
    gateway.kill('SIGTERM');
    await ended;
    await core.close();
  }
  expect(logged).toContain(`${core.url} refused the service token of this process`);
  expect(logged).not.toMatch(/the-token-of/);
}, 20_000);
