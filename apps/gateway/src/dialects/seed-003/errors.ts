import type { Seed003Error } from '@quittance/contracts/seed-003';
import type { DomainError } from '@quittance/rpc';
import type { Logger } from '@quittance/runtime';
import type { Context, ErrorHandler } from 'hono';
import { answeredError } from '../../answered-error.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { onlyMethodsOr } from '../../middleware/only-methods.ts';

const params = new Map([
  ['amount', 'amountFiat'],
  ['currency', 'currencyFiat'],
  ['money.amount', 'amountFiat'],
  ['money.currency', 'currencyFiat'],
  ['payload', 'serviceData'],
  ['options.timeToPay', 'timeToPay'],
]);

/** What went wrong, for people, with this dialect's names of fields. */
const textOf = ({ code, message, param }: DomainError): string => {
  if (code === 'rate_limited') return 'Requests too frequent';
  if (code === 'outcome_unknown') return `${message}; see /invoices/list before you ask again`;
  const field = param === undefined ? undefined : (params.get(param) ?? param);
  if (field === undefined || message.includes(field)) return message;
  return code === 'not_found' ? `${field} is not found` : `${field} ${message}`;
};

const answer = (
  c: Context<GatewayEnv>,
  data: string,
  status: DomainError['httpStatus'] | 405,
): Response => {
  const body: Seed003Error = { result: 'error', data };
  return c.json(body, status);
};

/** Seconds to wait where nobody knows better: Bitsby serves one request a second. */
const retryAfter = '1';

const isEarly = ({ code }: DomainError): boolean =>
  code === 'rate_limited' || code === 'unavailable';

export const errorHandler =
  (log: Logger): ErrorHandler<GatewayEnv> =>
  (error, c) => {
    const domain = answeredError(error, c, log, 'Token');
    if (isEarly(domain) && domain.retryAfterMs === undefined) {
      c.header('retry-after', retryAfter);
    }
    return answer(c, textOf(domain), domain.httpStatus);
  };

/** `onlyMethods` in this dialect's form. */
export const onlyPost = onlyMethodsOr((c, message) => answer(c, message, 405))('POST');
