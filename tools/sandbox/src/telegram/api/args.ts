import type { IncomingHttpHeaders } from 'node:http';
import { badRequest } from './errors.ts';

/** The parameters of a call: all text, with lists and objects as JSON, whichever way they came. */
export type Args = ReadonlyMap<string, string>;

const textOf = (value: unknown): string | undefined => {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const jsonEntries = (body: Buffer): [string, string][] => {
  if (body.length === 0) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    throw badRequest("can't parse the JSON of the body");
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badRequest('the body must be a JSON object');
  }
  return Object.entries(parsed).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[name, text] satisfies [string, string]];
  });
};

const multipartEntries = async (type: string, body: Buffer): Promise<[string, string][]> => {
  const request = new Request('http://localhost/', {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(body),
  });
  const form = await request.formData().catch(() => {
    throw badRequest("can't parse the multipart body");
  });
  return [...form].map(([name, value]) => [
    name,
    typeof value === 'string' ? value : `attach://${value.name}`,
  ]);
};

const bodyEntries = async (
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<[string, string][]> => {
  const type = headers['content-type'] ?? '';
  if (/^application\/json/i.test(type)) return jsonEntries(body);
  if (/^application\/x-www-form-urlencoded/i.test(type)) {
    return [...new URLSearchParams(body.toString())];
  }
  return /^multipart\/form-data/i.test(type) ? multipartEntries(type, body) : [];
};

/**
 * The parameters of a call from its query string and its body: JSON, urlencoded or multipart. Of one that is given twice
 * the first counts. A null is as good as nothing; an uploaded file is known by its name only.
 * @throws TelegramError when the body is not what its type says
 */
export const readArgs = async (call: {
  query: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}): Promise<Args> => {
  const args = new Map<string, string>();
  const entries = [
    ...new URLSearchParams(call.query),
    ...(await bodyEntries(call.headers, call.body)),
  ];
  for (const [name, value] of entries) if (!args.has(name)) args.set(name, value);
  return args;
};

export const textArg = (args: Args, name: string): string => args.get(name) ?? '';

export const requiredArg = (args: Args, name: string): string => {
  const value = textArg(args, name);
  if (value === '') throw badRequest(`Parameter "${name}" is required`);
  return value;
};

export const boolArg = (args: Args, name: string): boolean =>
  ['true', 'yes', '1'].includes(textArg(args, name).trim().toLowerCase());

/** Never an error: what is no number counts as 0, and what is out of bounds as the nearest bound. */
export const integerArg = (
  args: Args,
  name: string,
  { otherwise, min, max }: { otherwise: number; min: number; max: number },
): number => {
  const text = textArg(args, name);
  const parsed = Number.parseInt(text, 10);
  const value = text === '' ? otherwise : Number.isNaN(parsed) ? 0 : parsed;
  return Math.min(Math.max(value, min), max);
};

export const messageIdArg = (args: Args): number =>
  integerArg(args, 'message_id', { otherwise: 0, min: 0, max: 2 ** 31 - 1 });

/** @throws TelegramError naming `what` cannot be parsed */
export const jsonArg = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`Can't parse ${what} JSON object`);
  }
};

/** The fields of a JSON object; undefined for anything else. */
export const fieldsOf = (value: unknown): ReadonlyMap<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : undefined;
