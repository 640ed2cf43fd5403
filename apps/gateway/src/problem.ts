import type { DomainError, Refusal } from '@quittance/rpc';
import type { Logger } from '@quittance/runtime';
import type { Context, ErrorHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { answeredError } from './answered-error.ts';
import type { GatewayEnv } from './gateway-env.ts';

export interface ProblemDetails {
  status: ContentfulStatusCode;
  code: string;
  message: string;
  param?: string | undefined;
  /** What the provider itself answered. */
  providerError?: Refusal | undefined;
}

/** An answer as RFC 9457 problem details. */
export const problem = (
  c: Context<GatewayEnv>,
  { status, code, message, param, providerError }: ProblemDetails,
): Response =>
  c.json(
    {
      type: 'about:blank',
      title: message,
      status,
      code,
      ...(param !== undefined && { param }),
      ...(providerError && { providerError }),
      requestId: c.var.requestId,
    },
    status,
    { 'content-type': 'application/problem+json' },
  );

/** An error in our own words and with our own names of fields. */
export const detailsOf = ({ httpStatus, code, message, param }: DomainError): ProblemDetails => ({
  status: httpStatus,
  code,
  message,
  param,
});

interface Dialect {
  /** An error in the dialect's words and with its names of fields. */
  details?: (error: DomainError) => ProblemDetails;
  /** How to authenticate, for `WWW-Authenticate`. */
  challenge?: string;
}

/** Errors as problem details: wherever no dialect has a form of its own. */
export const problemHandler =
  (log: Logger, { details = detailsOf, challenge }: Dialect = {}): ErrorHandler<GatewayEnv> =>
  (error, c) =>
    problem(c, details(answeredError(error, c, log, challenge)));
