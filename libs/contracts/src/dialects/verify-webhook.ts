import { Webhook } from 'standardwebhooks';
import { readWebhookEvent, type WebhookEvent } from './webhook-event.ts';

/** A message that cannot be trusted, or not be read. Answer it with 400. */
export class WebhookVerificationError extends Error {
  override name = 'WebhookVerificationError';
}

export type WebhookHeaders =
  | Pick<Headers, 'get'>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

const isHeaders = (headers: WebhookHeaders): headers is Pick<Headers, 'get'> =>
  typeof headers['get'] === 'function';

const readerOf = (headers: WebhookHeaders): ((name: string) => string) => {
  if (isHeaders(headers)) return (name) => headers.get(name) ?? '';
  const lower = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const),
  );
  return (name) => [lower.get(name) ?? ''].flat().join(' ');
};

/** A byte order mark is part of what was signed. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws WebhookVerificationError for bytes that are no UTF-8, which could be read as something else than was signed */
const toText = (payload: string | Uint8Array): string => {
  try {
    return typeof payload === 'string' ? payload : utf8.decode(payload);
  } catch (cause) {
    const message = 'The payload must be the raw body: UTF-8, as text or bytes';
    throw new WebhookVerificationError(message, { cause });
  }
};

/** @throws TypeError for what is no secret, since no message is to blame for it */
const toVerifier = (secret: string): Webhook => {
  try {
    return new Webhook(secret);
  } catch (cause) {
    throw new TypeError('A webhook secret must be whsec_ and base64', { cause });
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/**
 * The message of a webhook, after its signature, and that it was sent within five minutes of now, were checked as
 * Standard Webhooks has it. Every delivery of a message has the same `webhook-id`: remember which were dealt with.
 * @param payload the body as it came, before any parsing
 * @param secret of the endpoint; while rotating, the old one and the new one
 * @throws WebhookVerificationError for what is not authentic, is not from now or cannot be read; TypeError for what is
 * no secret
 */
export const verifyWebhook = ({
  payload,
  headers,
  secret,
}: {
  payload: string | Uint8Array;
  headers: WebhookHeaders;
  secret: string | readonly string[];
}): WebhookEvent => {
  const verifiers = [secret].flat().map(toVerifier);
  if (verifiers.length === 0) throw new TypeError('There is no webhook secret to verify with');
  const read = readerOf(headers);
  const signed = {
    'webhook-id': read('webhook-id'),
    'webhook-timestamp': read('webhook-timestamp'),
    'webhook-signature': read('webhook-signature'),
  };
  const body = toText(payload);

  const failures: unknown[] = [];
  const isAuthentic = verifiers.some((verifier) => {
    try {
      verifier.verify(body, signed, { jsonParse: false });
      return true;
    } catch (error) {
      failures.push(error);
      return false;
    }
  });
  if (!isAuthentic) {
    throw new WebhookVerificationError(messageOf(failures[0]), { cause: failures[0] });
  }

  try {
    return readWebhookEvent(body);
  } catch (cause) {
    const message = 'The message is authentic, but it is none of Standard Webhooks';
    throw new WebhookVerificationError(message, { cause });
  }
};
