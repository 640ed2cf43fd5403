import { parseJson } from '@quittance/rpc';
import { silentLogger } from '@quittance/runtime';
import { createApp } from './app.ts';
import { type CoreUnderTest, createCoreUnderTest } from './core-under-test.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** As JSON; undefined where there is none. */
  body: unknown;
}

export interface GatewayUnderTest extends CoreUnderTest {
  /** A request as the key that may do everything, unless its headers say otherwise. */
  send: (target: string, init?: RequestInit) => Promise<Answer>;
  /** A request with a JSON body; a string is sent as it is. */
  post: (target: string, body: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

/** The whole gateway over a core that records. `target` is a method and a path: `GET /v1/invoices`. */
export const openGateway = ({
  bodyLimitBytes = 4096,
  metricsToken,
  publicUrl,
  trustProxy = false,
  qrUrl,
}: {
  bodyLimitBytes?: number;
  metricsToken?: string;
  publicUrl?: string;
  trustProxy?: boolean;
  qrUrl?: string;
} = {}): GatewayUnderTest => {
  const core = createCoreUnderTest();
  const app = createApp({
    core: core.core,
    log: silentLogger,
    bodyLimitBytes,
    metricsToken,
    publicUrl,
    trustProxy,
    qrUrl,
  });
  const send: GatewayUnderTest['send'] = async (target, { headers, ...init } = {}) => {
    const [method = '', path = ''] = target.split(' ');
    const all = new Headers({ authorization: 'Bearer qk_all' });
    new Headers(headers).forEach((value, name) => all.set(name, value));
    const response = await app.request(path, { method, headers: all, ...init });
    const text = await response.text();
    const body = text === '' ? undefined : parseJson(text);
    return { status: response.status, headers: response.headers, body };
  };
  return {
    ...core,
    send,
    post: (target, body, headers) =>
      send(`POST ${target}`, {
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
};
