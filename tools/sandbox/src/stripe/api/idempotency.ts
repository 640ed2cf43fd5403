import { hash } from 'node:crypto';
import type { Collection } from '../../state/store.ts';
import { StripeError } from './errors.ts';

const keptSeconds = 24 * 60 * 60;
const maxKeyLength = 255;

export interface Outcome {
  status: number;
  body: unknown;
}

export interface IdempotencyRecord extends Outcome {
  fingerprint: string;
  /** The request that was executed. */
  requestId: string;
  /** Unix seconds. */
  created: number;
}

export interface Idempotency {
  /**
   * Takes the key, or says what was answered under it. The key is in use until `release`.
   * @throws StripeError 409 while the key is in use, 400 when it was used for another request.
   */
  take: (request: KeyedRequest) => IdempotencyRecord | undefined;
  store: (request: KeyedRequest, requestId: string, outcome: Outcome) => void;
  release: (request: KeyedRequest) => void;
}

export interface KeyedRequest {
  /** Of the API key and the idempotency key together. */
  id: string;
  key: string;
  path: string;
  fingerprint: string;
}

/** Parameters in another order are the same parameters. */
export const keyedRequest = (
  apiKey: string,
  key: string,
  path: string,
  form: string,
): KeyedRequest => {
  if (key.length > maxKeyLength) {
    throw new StripeError(400, {
      type: 'invalid_request_error',
      message: `Invalid idempotency key: it must be at most ${maxKeyLength} characters.`,
    });
  }
  return {
    id: hash('sha256', `${apiKey}\n${key}`),
    key,
    path,
    fingerprint: hash('sha256', `${path}\n${form.split('&').toSorted().join('&')}`),
  };
};

/** Keys live 24 hours, per API key. Source: https://docs.stripe.com/api/idempotent_requests */
export const createIdempotency = (
  records: Collection<IdempotencyRecord>,
  nowSeconds: () => number,
): Idempotency => {
  const inUse = new Map<string, string>();

  const isExpired = ({ created }: IdempotencyRecord): boolean =>
    created + keptSeconds <= nowSeconds();

  for (const [id, record] of records.entries()) {
    if (isExpired(record)) records.delete(id);
  }

  const mismatch = ({ key, path }: KeyedRequest): StripeError =>
    new StripeError(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request (${path}).`,
    });

  return {
    take: (request) => {
      const running = inUse.get(request.id);
      if (running !== undefined) {
        if (running !== request.fingerprint) throw mismatch(request);
        throw new StripeError(409, {
          type: 'idempotency_error',
          code: 'idempotency_key_in_use',
          message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${request.key}. Please try again later.`,
        });
      }
      const record = records.get(request.id);
      if (record !== undefined && !isExpired(record)) {
        if (record.fingerprint !== request.fingerprint) throw mismatch(request);
        return record;
      }
      inUse.set(request.id, request.fingerprint);
      return undefined;
    },
    store: ({ id, fingerprint }, requestId, { status, body }) =>
      records.put(id, { fingerprint, requestId, status, body, created: nowSeconds() }),
    release: ({ id }) => inUse.delete(id),
  };
};
