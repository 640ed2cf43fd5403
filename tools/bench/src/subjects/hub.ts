import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { freePort, host } from '../processes/free-port.ts';
import { post, type Request } from '../processes/http.ts';
import { processTree } from '../processes/usage.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { createRequest } from './create-request.ts';
import { startEmulator, stripeKey } from './emulator.ts';
import type { Subject } from './subject.ts';
import { freshFolder, repository, startProgram, type Workspace } from './workspace.ts';

const launcher = 'tools/launcher/src';
const programs = { 'one process': 'main.ts', services: 'main-services.ts' } as const;
export type Layout = keyof typeof programs;

const webhookSecret = `whsec_${'bench'.repeat(6)}`;
const Credentials = z.object({ apiKey: z.string() });

/** What the launcher is told in every variant; an empty variable keeps one of a `.env` or the shell out. */
export const hubEnv = (ports: {
  gateway: number;
  sandbox: number;
  dataDir: string;
}): Record<string, string> => ({
  HOST: host,
  PORT: String(ports.gateway),
  SANDBOX_PORT: String(ports.sandbox),
  DATA_DIR: ports.dataDir,
  LOG_LEVEL: 'error',
  SANDBOX_FAULT_SEED: '1',
  SANDBOX_LATENCY_MS: '',
  STRIPE_SECRET_KEY: '',
  STRIPE_WEBHOOK_SECRET: '',
  STRIPE_API_URL: '',
  // More than any load here has at once: what is measured is the hub, not its courtesy to Stripe.
  STRIPE_CONCURRENCY: '100',
});

/** The demo account's key: it is written a moment after the gateway listens. */
export const demoApiKey = (dataDir: string): Promise<string> => {
  const file = join(dataDir, 'demo-credentials.json');
  return waitUntil(file, async () => {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    return text === undefined ? undefined : Credentials.parse(JSON.parse(text)).apiKey;
  });
};

/** Creates a first invoice, when the last service is up; from then on the user has a customer at the provider. */
export const firstInvoice = (request: Request): Promise<string> =>
  waitUntil('a first invoice', () => post(request).catch(() => undefined));

const makeAccount = async (env: Record<string, string>): Promise<string> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(repository, launcher, 'main-account.ts'), '--name', 'Bench'],
    { env: { ...process.env, ...env }, cwd: env.DATA_DIR },
  );
  return Credentials.parse(JSON.parse(stdout)).apiKey;
};

/** The hub as `npm start` runs it: the emulator in the same process, its webhooks coming in, its state in a file. */
export const startWholeHub = async (workspace: Workspace): Promise<Subject> => {
  const dataDir = await freshFolder(workspace);
  const gateway = await freePort();
  const url = `http://${host}:${gateway}`;
  const { pid } = await startProgram(workspace, {
    file: `${launcher}/main.ts`,
    env: hubEnv({ gateway, sandbox: await freePort(), dataDir }),
    readyUrl: `${url}/readyz`,
  });
  const request = createRequest(url, await demoApiKey(dataDir));
  await firstInvoice(request);
  return { request, pids: [pid], emulatorPids: [] };
};

export interface HubSubject extends Subject {
  emulatorUrl: string;
}

/** The hub with the emulator beside it, in a process of its own, so that each one's share is known. */
export const startHub = async (
  workspace: Workspace,
  {
    layout,
    latencyMs,
    webhooks = false,
  }: { layout: Layout; latencyMs: number; webhooks?: boolean },
): Promise<HubSubject> => {
  const dataDir = await freshFolder(workspace);
  const gateway = await freePort();
  const url = `http://${host}:${gateway}`;
  const emulator = await startEmulator(workspace, {
    latencyMs,
    ...(webhooks && { webhook: { url: `${url}/webhooks/stripe`, secret: webhookSecret } }),
  });
  const env = {
    ...hubEnv({ gateway, sandbox: 0, dataDir }),
    STRIPE_SECRET_KEY: stripeKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_URL: emulator.url,
  };
  const apiKey = await makeAccount(env);
  const { pid } = await startProgram(workspace, {
    file: `${launcher}/${programs[layout]}`,
    env,
    readyUrl: `${url}/readyz`,
  });
  const request = createRequest(url, apiKey);
  await firstInvoice(request);
  return {
    request,
    pids: processTree(pid),
    emulatorPids: [emulator.pid],
    emulatorUrl: emulator.url,
  };
};
