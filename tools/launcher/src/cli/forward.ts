import type { CanonicalMessage } from '@quittance/contracts/canonical';
import type { Webhook } from 'standardwebhooks';
import type { Cli } from './cli.ts';
import { reasonOf } from './hub-api.ts';
import { patiently } from './patiently.ts';

export interface Receiver {
  url: string;
  webhook: Webhook;
}

export interface Received {
  status: number;
  durationMs: number;
}

/** How long a receiver may take, in ms: as long as it may with the hub itself. */
const timeoutMs = 15_000;

/** What stands before a receiver that is down says so. */
const downStatuses = [502, 503, 504];

class ReceiverDown extends Error {
  override name = 'ReceiverDown';
}

const post = async (
  { url, webhook }: Receiver,
  { webhookId, body }: CanonicalMessage,
  signal: AbortSignal,
): Promise<Received> => {
  const at = new Date();
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Quittance-CLI (+https://www.standardwebhooks.com)',
      'webhook-id': webhookId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': webhook.sign(webhookId, at, body),
    },
    body,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  }).catch((error: unknown) => {
    throw new ReceiverDown(reasonOf(error), { cause: error });
  });
  await response.body?.cancel();
  const { status } = response;
  if (downStatuses.includes(status)) throw new ReceiverDown(`answered ${status}`);
  return { status, durationMs: Date.now() - at.getTime() };
};

/** Hands a message to a receiver, signed, as often as it takes while that is down; any other answer is its answer. */
export const forward = (
  receiver: Receiver,
  message: CanonicalMessage,
  { signal, note }: { signal: AbortSignal } & Pick<Cli, 'note'>,
): Promise<Received> =>
  patiently(() => post(receiver, message, signal), {
    signal,
    isPassing: (error) => error instanceof ReceiverDown,
    onTrouble: (error) => {
      const reason = error instanceof Error ? error.message : '';
      note(`${receiver.url} is down (${reason}); trying ${message.webhookId} again until it is up`);
    },
  });
