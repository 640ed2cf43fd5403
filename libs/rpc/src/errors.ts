import { TRPCClientError } from '@trpc/client';
import { type TRPC_ERROR_CODE_KEY, TRPCError } from '@trpc/server';
import { z } from 'zod';

/** Everything that can go wrong between our parts, and the tRPC code and HTTP status it travels as. */
const codes = {
  invalid_request: ['BAD_REQUEST', 400],
  unauthenticated: ['UNAUTHORIZED', 401],
  provider_refused: ['PAYMENT_REQUIRED', 402],
  forbidden: ['FORBIDDEN', 403],
  not_found: ['NOT_FOUND', 404],
  conflict: ['CONFLICT', 409],
  payload_too_large: ['PAYLOAD_TOO_LARGE', 413],
  unsupported_media_type: ['UNSUPPORTED_MEDIA_TYPE', 415],
  idempotency_mismatch: ['UNPROCESSABLE_CONTENT', 422],
  rate_limited: ['TOO_MANY_REQUESTS', 429],
  internal: ['INTERNAL_SERVER_ERROR', 500],
  unavailable: ['SERVICE_UNAVAILABLE', 503],
  outcome_unknown: ['GATEWAY_TIMEOUT', 504],
} as const satisfies Record<string, readonly [TRPC_ERROR_CODE_KEY, number]>;

export type DomainErrorCode = keyof typeof codes;

const isDomainErrorCode = (code: string): code is DomainErrorCode => Object.hasOwn(codes, code);

const domainErrorCode = z.string().refine(isDomainErrorCode);

/** What a provider itself answered when it refused: its HTTP status, its own code and its name of the field. */
export const Refusal = z.object({
  status: z.int(),
  code: z.string().nullable(),
  param: z.string().nullable(),
});
export type Refusal = z.infer<typeof Refusal>;

interface Details {
  param?: string | undefined;
  refusal?: Refusal | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/**
 * The one error that crosses our boundaries. `code` says what a caller can do about it, `message` is for people and
 * safe to show, `param` names the input field at fault, `refusal` is what a provider answered, `retryAfterMs` is when it
 * makes sense to ask again. `unavailable` and `rate_limited` mean that nothing happened; `outcome_unknown` means that it may
 * have happened.
 */
export class DomainError extends Error {
  override name = 'DomainError';
  readonly code: DomainErrorCode;
  readonly param: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: DomainErrorCode,
    message: string,
    { param, refusal, retryAfterMs, cause }: Details = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.param = param;
    this.refusal = refusal;
    this.retryAfterMs = retryAfterMs;
  }

  get httpStatus(): (typeof codes)[DomainErrorCode][1] {
    return codes[this.code][1];
  }

  get trpcCode(): TRPC_ERROR_CODE_KEY {
    return codes[this.code][0];
  }
}

const internalError = (cause: unknown): DomainError =>
  new DomainError('internal', 'Internal error', { cause });

/** The first issue of a failed validation, as the error that names its field. */
export const invalidInput = (error: z.core.$ZodError): DomainError => {
  const issue = error.issues[0];
  const param = issue?.path.join('.');
  return new DomainError('invalid_request', issue?.message ?? 'Invalid input', {
    param: param === '' ? undefined : param,
    cause: error,
  });
};

const fromServerError = (error: TRPCError): DomainError => {
  if (error.cause instanceof DomainError) return error.cause;
  if (error.code === 'BAD_REQUEST' && error.cause instanceof z.core.$ZodError) {
    return invalidInput(error.cause);
  }
  if (error.code === 'NOT_FOUND') return new DomainError('not_found', error.message);
  if (error.code === 'BAD_REQUEST') return new DomainError('invalid_request', error.message);
  return internalError(error);
};

const wireError = z.object({
  message: z.string(),
  data: z.object({
    reason: domainErrorCode,
    param: z.string().optional(),
    refusal: Refusal.optional(),
    retryAfterMs: z.int().min(0).optional(),
  }),
});

const fromClientError = (error: { cause?: Error | undefined; shape?: unknown }): DomainError => {
  if (error.cause instanceof DomainError) return error.cause;
  const wire = wireError.safeParse(error.shape);
  if (!wire.success) return internalError(error);
  const { message, data } = wire.data;
  const { reason, ...details } = data;
  return new DomainError(reason, message, { ...details, cause: error });
};

/** Any error as a DomainError. What is not ours becomes `internal`, its message kept only as `cause`. */
export const toDomainError = (error: unknown): DomainError => {
  if (error instanceof DomainError) return error;
  if (error instanceof TRPCError) return fromServerError(error);
  if (error instanceof TRPCClientError) return fromClientError(error);
  return internalError(error);
};
