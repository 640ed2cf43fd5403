import { DomainError } from '@quittance/rpc';

/** A request that never got to Bitsby. */
export class NotSentError extends Error {
  override name = 'NotSentError';
}

/** A request that may have got to Bitsby, without an answer. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

/** Nothing happened. */
export const unavailable = (message: string, cause?: unknown): DomainError =>
  new DomainError('unavailable', message, { cause });

/** It may have happened. */
export const unclear = (cause?: unknown): DomainError =>
  new DomainError('outcome_unknown', 'Bitsby gave no clear answer', { cause });

/** A hub's wish that Bitsby has no call for. */
export const notPossible = (message: string): DomainError =>
  new DomainError('provider_refused', message);

/** Bitsby said no. It has no codes for why, only text for people. */
export const refusedBy = ({ status, text }: { status: number; text: string }): DomainError =>
  new DomainError('provider_refused', text, { refusal: { status, code: null, param: null } });

/** What it means that a question was not answered: a refusal to answer says nothing about what it asked for. */
export const asUnanswered = (error: unknown): unknown => {
  if (!(error instanceof DomainError) || error.code === 'unavailable') return error;
  return error.code === 'provider_refused'
    ? unavailable(`Bitsby refused to say: ${error.message}`, error)
    : unavailable(error.message, error);
};

export const isRefused = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'provider_refused';
