import { FormData, Pool } from 'undici';
import type { BitsbyConfig } from './config.ts';
import { NoAnswerError, NotSentError } from './errors.ts';

export type Fields = Readonly<Record<string, string>>;

export interface Answer {
  status: number;
  body: string;
}

/** @throws NotSentError when it never got there, NoAnswerError when it may have */
export type Post = (path: string, fields: Fields) => Promise<Answer>;

const neverReached = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const isNotConnected = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && neverReached.has(String(error.code))) ||
    ('syscall' in error && error.syscall === 'connect'));

const formOf = (fields: Fields): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};

/**
 * Sends each request once, as a multipart form, and never again. https://docs.bitsby.app/api-documentation/general-information
 */
export const createHttpClient = ({
  BITSBY_API_KEY,
  BITSBY_API_URL,
  BITSBY_TIMEOUT_MS,
}: Pick<BitsbyConfig, 'BITSBY_API_KEY' | 'BITSBY_API_URL' | 'BITSBY_TIMEOUT_MS'>): Post => {
  const { origin, pathname } = new URL(BITSBY_API_URL);
  const folder = pathname.replace(/\/$/, '');
  // Half of the time, so that what fails for want of a connection is known to have never been sent.
  const pool = new Pool(origin, { connect: { timeout: Math.ceil(BITSBY_TIMEOUT_MS / 2) } });
  return async (path, fields) => {
    try {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: `${folder}${path}`,
        headers: { authorization: `Token ${BITSBY_API_KEY}` },
        body: formOf(fields),
        signal: AbortSignal.timeout(BITSBY_TIMEOUT_MS),
      });
      return { status: statusCode, body: await body.text() };
    } catch (cause) {
      throw isNotConnected(cause)
        ? new NotSentError('Bitsby cannot be reached', { cause })
        : new NoAnswerError('No answer from Bitsby', { cause });
    }
  };
};
