import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type DemoCredentials, readDemoCredentials } from './demo-credentials.ts';
import { order } from './hub-under-test.ts';

const program = fileURLToPath(new URL('main-services.ts', import.meta.url));
const waiting = { timeout: 15_000, interval: 20 };
const Faults = z.object({ ordinals: z.object({ requests: z.int() }) });

let dataDir: string;
let launcher: ChildProcess;
/** Resolves when no process is left that writes to what the launcher was given to write to: none of the services. */
let allEnded: Promise<unknown>;
let demo: DemoCredentials;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quittance-stop-'));
  const settings = { DATA_DIR: dataDir, PORT: '0', SANDBOX_PORT: '0', LOG_LEVEL: 'error' };
  launcher = spawn(process.execPath, [program], {
    env: { ...process.env, ...settings, npm_lifecycle_event: undefined },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  allEnded = once(launcher, 'close');
  let said = '';
  launcher.stdout?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  await vi.waitFor(() => {
    if (!said.includes('Quittance is running.')) throw new Error('The hub does not start');
  }, waiting);
  const written = await readDemoCredentials(dataDir);
  if (!written) throw new Error('The hub made no demo account');
  demo = written;
}, 30_000);

afterEach(async () => {
  launcher.kill('SIGKILL');
  await allEnded;
  await rm(dataDir, { recursive: true });
}, 30_000);

/** Has a create under way that takes the provider a while. */
const create = async (): Promise<{ status: Promise<number | undefined> }> => {
  const faults = `${demo.sandboxUrl}/_sandbox/faults`;
  await fetch(faults, { method: 'PUT', body: JSON.stringify({ latency_ms: 700 }) });
  const status = fetch(`${demo.gatewayUrl}/v1/invoice/create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(order),
  }).then(
    (response) => response.status,
    () => undefined,
  );
  const requests = async () => Faults.parse(await (await fetch(faults)).json()).ordinals.requests;
  await expect.poll(requests, waiting).toBeGreaterThan(0);
  return { status };
};

/** A Ctrl-C at the terminal is for every process of its group. */
const signalGroup = (signal: NodeJS.Signals): void => {
  if (launcher.pid !== undefined) process.kill(-launcher.pid, signal);
};

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to the whole group: the request under way is answered, then everything ends',
  async (signal) => {
    const { status } = await create();
    signalGroup(signal);
    expect(await status).toBe(201);
    expect(await allEnded).toEqual([0, null]);
    await expect(fetch(demo.gatewayUrl)).rejects.toThrow('fetch failed');
  },
  30_000,
);

test('SIGTERM to the launcher alone does the same', async () => {
  const { status } = await create();
  launcher.kill('SIGTERM');
  expect(await status).toBe(201);
  expect(await allEnded).toEqual([0, null]);
}, 30_000);

test('kill -9 of the launcher ends every service', async () => {
  launcher.kill('SIGKILL');
  expect(await allEnded).toEqual([null, 'SIGKILL']);
  await expect(fetch(demo.gatewayUrl)).rejects.toThrow('fetch failed');
}, 30_000);
