import type { Deps } from '../deps.ts';
import type { SentAttempt } from './send-attempt.ts';

export interface LoggedAttempt {
  /** Null for a test ping, which is no delivery. */
  deliveryId: string | null;
  endpointId: string;
  webhookId: string;
  attempt: number;
  sent: SentAttempt;
}

/** Says nothing of the URL, which can hold a token, nor of what was sent and answered. */
export const logAttempt = (
  { log }: Pick<Deps, 'log'>,
  { sent: { result, httpStatus: status, durationMs: ms }, ...about }: LoggedAttempt,
): void =>
  log[result === 'succeeded' ? 'info' : 'warn']({ ...about, result, status, ms }, 'webhook sent');
