import { errors, Pool } from 'undici';
import { callContext, outgoingHeaders } from './call-context.ts';
import { DomainError } from './errors.ts';
import { serviceTokenChallenge } from './listener.ts';
import type { Transport } from './transport.ts';

export interface HttpTransportOptions {
  /** The service's base URL. */
  url: string;
  serviceToken: string;
  /** How long an answer may take, in ms. Longer than a call to a provider, which its adapter ends after 10 s. */
  timeoutMs?: number;
}

export interface HttpTransport {
  transport: Transport;
  close: () => Promise<void>;
}

const neverReached = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const networkError = (error: unknown, url: string): DomainError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return neverReached.has(code)
    ? new DomainError('unavailable', 'A service of the hub cannot be reached', { cause: error })
    : new DomainError('outcome_unknown', 'A service of the hub gave no answer', {
        cause: new Error(`No answer from ${url}`, { cause: error }),
      });
};

/** Ours to put right, not the caller's, who must not hear of it as a fault of their own. */
const tokenRefused = (url: string): DomainError =>
  new DomainError('internal', 'Internal error', {
    cause: new Error(`${url} refused the service token of this process`),
  });

/**
 * Calls a router in another process over a pooled HTTP connection. A network failure becomes `unavailable` when the
 * call never got there, else `outcome_unknown`; a refused service token becomes `internal`.
 */
export const httpTransport = ({
  url,
  serviceToken,
  timeoutMs = 60_000,
}: HttpTransportOptions): HttpTransport => {
  const pool = new Pool(url, { headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  const transport: Transport = async ({ path, input, signal }) => {
    const context = callContext();
    try {
      const { headers, body } = await pool.request({
        method: 'POST',
        path: `/rpc/${path}`,
        headers: {
          authorization: `Bearer ${serviceToken}`,
          'content-type': 'application/json',
          ...(context && outgoingHeaders(context)),
        },
        body: input === undefined ? '' : JSON.stringify(input),
        ...(signal && { signal }),
      });
      const envelope = await body.json();
      if (headers['www-authenticate'] === serviceTokenChallenge) throw tokenRefused(url);
      return envelope;
    } catch (error) {
      if (error instanceof errors.RequestAbortedError || error instanceof DomainError) throw error;
      throw networkError(error, url);
    }
  };
  return { transport, close: () => pool.close() };
};
