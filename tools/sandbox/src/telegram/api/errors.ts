import type { ApiError, ResponseParameters } from 'grammy/types';

/** A refusal as the Bot API gives it. */
export class TelegramError extends Error {
  readonly code: number;
  readonly parameters: ResponseParameters | undefined;

  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

/**
 * 400 with a reason, written as the official server writes it: a sentence begins in lower case, the name of an error
 * (`CURRENCY_INVALID`) or of a type (`LabeledPrice`) stays. Source: tdlib/telegram-bot-api, `fail_query_with_error`.
 */
export const badRequest = (reason: string): TelegramError => {
  const [first = '', second = ''] = reason;
  const kept = second === '_' || (second >= 'A' && second <= 'Z');
  return new TelegramError(
    400,
    `Bad Request: ${kept ? first : first.toLowerCase()}${reason.slice(1)}`,
  );
};

export const forbidden = (reason: string): TelegramError =>
  new TelegramError(403, `Forbidden: ${reason}`);

export const unauthorized = (): TelegramError => new TelegramError(401, 'Unauthorized');

export const conflict = (reason: string): TelegramError =>
  new TelegramError(409, `Conflict: ${reason}`);

export const notFound = (reason = ''): TelegramError =>
  new TelegramError(404, reason === '' ? 'Not Found' : `Not Found: ${reason}`);

export const tooManyRequests = (retryAfterS: number): TelegramError =>
  new TelegramError(429, `Too Many Requests: retry after ${retryAfterS}`, {
    retry_after: retryAfterS,
  });

export const internalError = (): TelegramError => new TelegramError(500, 'Internal Server Error');

/** What a query that is unknown, was answered, or has waited too long is refused with. */
export const queryTooOld = (): TelegramError =>
  badRequest('query is too old and response timeout expired or query ID is invalid');

export const toApiError = ({ code, message, parameters }: TelegramError): ApiError => ({
  ok: false,
  error_code: code,
  description: message,
  ...(parameters !== undefined && { parameters }),
});
