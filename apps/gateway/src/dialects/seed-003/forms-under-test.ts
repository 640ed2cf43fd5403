import { fixture } from '@quittance/testing';
import { z } from 'zod';
import type { Answer, GatewayUnderTest } from '../../gateway-under-test.ts';

/** The fields of the seed's own curl. */
export const order = z.record(z.string(), z.string()).parse(fixture('seeds/003-request.json'));

const boundary = '------------------------a72af03042d82522';
export const multipart = `multipart/form-data; boundary=${boundary}`;

/** One part as curl sends it for `-F name=value`. */
export const part = (name: string, value: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

/** One part as curl sends it for `-F name=@file`. */
export const filePart = (name: string, content: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="a.txt"\r\n` +
  `Content-Type: text/plain\r\n\r\n${content}\r\n`;

export const lastLine = `--${boundary}--\r\n`;

/** What curl sends for these fields, byte for byte. */
export const curlForm = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => part(name, value))
    .join('') + lastLine;

/** A body by its content type. */
export const bodies: [type: string, (fields: Record<string, string>) => string][] = [
  [multipart, curlForm],
  ['application/x-www-form-urlencoded', (fields) => new URLSearchParams(fields).toString()],
  ['application/json', (fields) => JSON.stringify(fields)],
];

/** A POST as the key that may do everything, unless its headers say otherwise; no content type where none is given. */
export const sendBody = (
  gateway: GatewayUnderTest,
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  gateway.send(`POST ${path}`, {
    headers: { authorization: 'Token qk_all', ...headers },
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  });

/** The same with the fields as a form of curl. */
export const sendForm = (
  gateway: GatewayUnderTest,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  sendBody(gateway, path, curlForm(fields), { 'content-type': multipart, ...headers });
