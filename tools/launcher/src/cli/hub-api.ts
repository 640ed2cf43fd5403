import { CanonicalProblem } from '@quittance/contracts/canonical';
import { parseJson } from '@quittance/rpc';
import type { z } from 'zod';
import { Failure } from './failure.ts';

/** The hub gave no answer. */
export class HubUnreachable extends Failure {
  override name = 'HubUnreachable';
}

/** The hub said no. */
export class HubRefusal extends Failure {
  override name = 'HubRefusal';
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

interface Call {
  method?: string;
  body?: object;
  signal?: AbortSignal;
}

/** The public API of a hub, for one API key. */
export interface HubApi {
  url: string;
  /** @throws HubUnreachable, HubRefusal */
  call: <S extends z.ZodType>(answer: S, path: string, call?: Call) => Promise<z.output<S>>;
}

/** How long a hub may take to answer, in ms: longer than a provider that it has to ask first. */
const timeoutMs = 60_000;

/** Why a request got no answer, in a few words. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
};

const jsonOf = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};

const refusal = (path: string, status: number, body: unknown): HubRefusal => {
  const problem = CanonicalProblem.pick({ title: true, param: true, requestId: true }).safeParse(
    body,
  );
  if (!problem.success) return new HubRefusal(`${path} was answered ${status}`, status);
  const { title, param, requestId } = problem.data;
  const what = param === undefined ? title : `${param}: ${title}`;
  return new HubRefusal(`${what} (${status}, ${requestId})`, status);
};

export const createHubApi = ({ url, apiKey }: { url: string; apiKey: string }): HubApi => ({
  url,
  call: async (answer, path, { method = 'GET', body, signal } = {}) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const request = {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    };
    const { status, ok, text } = await fetch(`${url.replace(/\/$/, '')}${path}`, request)
      .then(async (response) => ({
        status: response.status,
        ok: response.ok,
        text: await response.text(),
      }))
      .catch((error: unknown) => {
        signal?.throwIfAborted();
        throw new HubUnreachable(`${url} does not answer: ${reasonOf(error)}`, { cause: error });
      });
    const json = jsonOf(text);
    if (!ok) throw refusal(path, status, json);
    const read = answer.safeParse(json);
    if (read.success) return read.data;
    throw new HubRefusal(`${path} was answered by something that is no Quittance`, status);
  },
});
