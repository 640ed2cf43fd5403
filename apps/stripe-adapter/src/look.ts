import { randomUUID } from 'node:crypto';
import type { Clock } from '@quittance/runtime';

/** One look at Stripe: when, by Stripe's own clock where it tells, and which request it was. */
export interface Look {
  id: string;
  at: string;
}

interface Answer {
  lastResponse: { headers: Record<string, string> };
}

export const lookOf = ({ lastResponse: { headers } }: Answer, clock: Clock): Look => {
  const told = Date.parse(headers['date'] ?? '');
  return {
    id: headers['request-id'] ?? randomUUID(),
    at: new Date(Number.isNaN(told) ? clock() : told).toISOString(),
  };
};
