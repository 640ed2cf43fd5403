import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type DemoCredentials, readDemoCredentials } from './demo-credentials.ts';
import { openPerson } from './telegram-person-under-test.ts';
import { botName, seedOrder, ways, webApp } from './telegram-under-test.ts';

const payload = 'a-payload-that-is-nobodys-business';
const newPin = 'zq41z7';
const wrongPins = ['xk9q2v', 'vv0wq8'];

/** A hub in processes of its own, and all that it writes. */
const startTalkative = async (program: string, dataDir: string) => {
  const child = spawn(process.execPath, [fileURLToPath(new URL(program, import.meta.url))], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', SANDBOX_PORT: '0', LOG_LEVEL: 'debug' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      written += text.toString();
    });
  }
  let demo: DemoCredentials | undefined;
  const isReady = async (): Promise<boolean> => {
    demo = await readDemoCredentials(dataDir);
    return demo !== undefined;
  };
  const stop = async (): Promise<string> => {
    child.kill('SIGTERM');
    await ended;
    return written;
  };
  await vi.waitUntil(isReady, { timeout: 20_000, interval: 20 }).catch(stop);
  if (!demo) throw new Error(`The hub did not start: ${written}`);
  return { demo, stop };
};

test.each(['main.ts', 'main-services.ts'])(
  'nothing that %s writes has a PIN or the payload of an invoice, with every log on',
  async (program) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'quittance-secrecy-'));
    const hub = await startTalkative(program, dataDir);
    onTestFinished(async () => {
      await hub.stop();
      await rm(dataDir, { recursive: true });
    });
    const { pin } = hub.demo.telegram;
    const order = { ...seedOrder(hub), payload };
    const statuses: number[] = [];
    for (const way of ways) {
      const ask = async (change: Record<string, string | number>, botId?: string) => {
        const how = { way, ...(botId !== undefined && { botId }) };
        statuses.push((await webApp(hub, 'new-invoice', { ...order, ...change }, how)).status);
      };
      await ask({});
      await ask({ amount: 'ten' });
      await ask({}, '19140789');
      await ask({ pin: wrongPins[0] ?? '' });
      const asked = { invoiceId: 'invoice-AAAAAAAAAAAAAAAA', pin };
      statuses.push((await webApp(hub, 'invoice-status', asked, { way })).status);
    }
    expect(statuses).toEqual(ways.flatMap(() => [200, 400, 404, 401, 404]));

    const { gatewayUrl } = hub.demo;
    await fetch(`${gatewayUrl}/v2/bots/1914078/web-app/new-invoice`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"pin":"${wrongPins[1]}","payload":"${payload}"`,
    });
    await fetch(`${gatewayUrl}/v2/bots/1914078/web-app/send?pin=${wrongPins[1]}`);

    const seller = await openPerson(hub);
    await seller.open(`https://t.me/${botName}`);
    await fetch(`${hub.demo.sandboxUrl}/_sandbox/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        script: [{ fault: 'server_error', match: 'POST /bot*/sendMessage' }],
      }),
    });
    await seller.say(`/setpin ${newPin}`);
    await expect
      .poll(async () => (await seller.told()).length, { timeout: 10_000, interval: 20 })
      .toBe(2);

    const written = await hub.stop();
    expect(written.length).toBeGreaterThan(100);
    for (const secret of [pin, newPin, ...wrongPins, payload]) {
      expect(written).not.toContain(secret);
    }
  },
  60_000,
);
