import { DomainError } from '@quittance/rpc';

/** What the Bot API answered in place of a result. Carries none of the call: parameters can be secrets. */
export class BotApiError extends Error {
  override name = 'BotApiError';
  /** Its `error_code`, which is also the HTTP status. */
  readonly status: number;
  /** In Telegram's words. */
  readonly description: string;
  readonly retryAfterMs: number | undefined;

  constructor(
    method: string,
    answer: { error_code: number; description: string; retryAfterMs: number | undefined },
  ) {
    super(`${method}: ${answer.error_code} ${answer.description}`);
    this.status = answer.error_code;
    this.description = answer.description;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/** A request that got no answer, or none that could be read. Without its cause, which can name the URL and its token. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
  /** Whether it never got there, so that nothing can have happened. */
  readonly neverReached: boolean;

  constructor(call: string, code: string) {
    super(`No answer to ${call} (${code})`);
    this.neverReached = neverReached.has(code);
  }
}

const neverReached = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** What the system calls a failure, e.g. `ECONNRESET`, wherever in the error it is. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner = 'error' in error ? error.error : error.cause;
  return inner === undefined ? error.name : codeOf(inner);
};

/** Whether the same may go well another time. */
export const mayPass = (error: unknown): boolean =>
  error instanceof NoAnswerError ||
  (error instanceof BotApiError && (error.status === 429 || error.status >= 500)) ||
  (error instanceof DomainError &&
    ['internal', 'outcome_unknown', 'unavailable'].includes(error.code));

const hubFaults = new Map([
  [400, 'Telegram does not accept the provider token of this hub'],
  [401, 'Telegram does not accept the token of this hub (401)'],
  [403, 'Telegram does not let the bot of this hub do this (403)'],
  [404, 'Telegram does not accept the token of this hub (404)'],
  [429, 'Telegram has asked us to wait (429)'],
]);

/** What Telegram says of a provider token that is not, or no longer, good: no fault of an invoice. */
const providerFaults = new Set(['PAYMENT_PROVIDER_INVALID', 'PROVIDER_ACCOUNT_INVALID']);

const unavailable = (error: unknown): DomainError => {
  const { status, retryAfterMs } =
    error instanceof BotApiError ? error : { status: 0, retryAfterMs: undefined };
  const message = hubFaults.get(status) ?? 'Telegram does not serve us now';
  return new DomainError('unavailable', message, { retryAfterMs, cause: error });
};

/** Telegram's own name of what is wrong, where it gives one: `Bad Request: CURRENCY_INVALID`. */
const codeIn = (description: string): string | null =>
  /[A-Z0-9]+(?:_[A-Z0-9]+)+/.exec(description)?.[0] ?? null;

/** Makes a call that changes nothing: whatever fails, nothing happened, and it says nothing of what was asked for. */
export const asking = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (error instanceof BotApiError && error.status === 400) {
      throw new DomainError('unavailable', 'Telegram does not answer a question of ours', {
        cause: error,
      });
    }
    throw error instanceof BotApiError || error instanceof NoAnswerError
      ? unavailable(error)
      : error;
  }
};

/**
 * Makes the call that the port's caller asked for. A 400 is a refusal, final and in Telegram's own words; a 5xx or no
 * answer leaves open whether it was done.
 */
export const making = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (error instanceof NoAnswerError) {
      if (error.neverReached) throw unavailable(error);
      throw new DomainError('outcome_unknown', 'Telegram gave no answer', { cause: error });
    }
    if (!(error instanceof BotApiError)) throw error;
    const { status, description } = error;
    if (status >= 500) {
      throw new DomainError('outcome_unknown', 'Telegram gave no clear answer', { cause: error });
    }
    const code = codeIn(description);
    if (status !== 400 || (code !== null && providerFaults.has(code))) throw unavailable(error);
    throw new DomainError('provider_refused', description, {
      refusal: { status, code, param: null },
      cause: error,
    });
  }
};

/** What the adapter itself refuses in the name of a provider that has no way to do it. */
export const refused = (message: string, param: string | null = null): DomainError =>
  new DomainError('provider_refused', message, { refusal: { status: 400, code: null, param } });
