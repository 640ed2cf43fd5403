import type { Clock } from '@quittance/runtime';
import { z } from 'zod';

const forwardOnly = 'the clock moves forward only; DELETE puts it back to system time';

/** Beyond it an ISO time no longer has a year of four digits. */
const latest = Date.UTC(9999, 11, 31);

/** The body of `POST /_sandbox/clock`, as the milliseconds to move by. */
export const clockMove = (clock: Clock) =>
  z
    .strictObject({
      advance_ms: z.int().positive(`must be above 0: ${forwardOnly}`).optional(),
      to: z.iso.datetime({ offset: true }).optional(),
    })
    .transform(({ advance_ms: advanceMs, to }, context) => {
      const refuse = (param: 'advance_ms' | 'to', message: string): never => {
        context.addIssue({ code: 'custom', path: [param], message });
        return z.NEVER;
      };
      if (advanceMs !== undefined && to !== undefined) {
        return refuse('to', 'must not be given together with advance_ms');
      }
      const now = clock();
      const byMs = to === undefined ? advanceMs : Date.parse(to) - now;
      const param = to === undefined ? 'advance_ms' : 'to';
      if (byMs === undefined) return refuse(param, 'is required, or else to');
      if (byMs < 0) {
        return refuse(param, `is before ${new Date(now).toISOString()}: ${forwardOnly}`);
      }
      if (now + byMs > latest) {
        return refuse(param, `must not move the clock past ${new Date(latest).toISOString()}`);
      }
      return byMs;
    });
