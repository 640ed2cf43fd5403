import { freePort, host } from '../processes/free-port.ts';
import type { Subject } from './subject.ts';
import { startProgram, type Workspace } from './workspace.ts';

export const stripeKey = 'sk_test_bench';

export interface Emulator {
  pid: number;
  url: string;
}

/** Emulated Stripe in a process of its own, its state in memory. */
export const startEmulator = async (
  workspace: Workspace,
  { latencyMs, webhook }: { latencyMs: number; webhook?: { url: string; secret: string } },
): Promise<Emulator> => {
  const port = await freePort();
  const url = `http://${host}:${port}`;
  const { pid } = await startProgram(workspace, {
    file: 'tools/sandbox/src/main.ts',
    env: {
      HOST: host,
      SANDBOX_PORT: String(port),
      SANDBOX_LATENCY_MS: String(latencyMs),
      SANDBOX_FAULT_SEED: '1',
      DATA_DIR: '',
      LOG_LEVEL: 'error',
      STRIPE_WEBHOOK_URL: webhook?.url ?? '',
      STRIPE_WEBHOOK_SECRET: webhook?.secret ?? '',
    },
    readyUrl: `${url}/_sandbox`,
  });
  return { pid, url };
};

/** The emulator as the subject: a PaymentIntent with the parameters that the hub gives, but for the customer. */
export const startEmulatorAlone = async (workspace: Workspace): Promise<Subject> => {
  const { pid, url } = await startEmulator(workspace, { latencyMs: 0 });
  const form = new URLSearchParams({
    amount: '2050',
    currency: 'usd',
    'automatic_payment_methods[enabled]': 'true',
    'automatic_payment_methods[allow_redirects]': 'always',
    'metadata[invoice_id]': '1',
    'metadata[user]': '1',
  });
  const request = {
    url: `${url}/v1/payment_intents`,
    headers: {
      authorization: `Bearer ${stripeKey}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form.toString(),
  };
  return { request, pids: [pid], emulatorPids: [] };
};
