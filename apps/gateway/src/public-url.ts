import type { HonoRequest } from 'hono';

export interface PublicUrlSettings {
  /** Where the world reaches this gateway; without it, where the request says that it came to. */
  publicUrl: string | undefined;
  /** Whether `X-Forwarded-Proto` and `X-Forwarded-Host` say that: only behind a proxy that sets them. */
  trustProxy: boolean;
}

/** What the first of several proxies put there. */
const firstOf = (header: string | undefined): string | undefined =>
  header?.split(',')[0]?.trim().toLowerCase();

const hostForm = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/;

const forwardedOrigin = (request: HonoRequest): string => {
  const { protocol, host, origin } = new URL(request.url);
  const forwardedProto = firstOf(request.header('x-forwarded-proto')) ?? '';
  const forwardedHost = firstOf(request.header('x-forwarded-host')) ?? '';
  const scheme = ['http', 'https'].includes(forwardedProto) ? `${forwardedProto}:` : protocol;
  const url = `${scheme}//${hostForm.test(forwardedHost) ? forwardedHost : host}`;
  return URL.canParse(url) ? new URL(url).origin : origin;
};

/** Where the world reaches this gateway, without a slash at the end. */
export const publicUrlOf = (
  request: HonoRequest,
  { publicUrl, trustProxy }: PublicUrlSettings,
): string => {
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
  return trustProxy ? forwardedOrigin(request) : new URL(request.url).origin;
};
