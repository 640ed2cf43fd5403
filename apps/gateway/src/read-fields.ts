import { isUtf8 } from 'node:buffer';
import { DomainError } from '@quittance/rpc';
import type { HonoRequest } from 'hono';
import { mediaTypeOf, readJson, type Reviver } from './read-json.ts';

const multipart = 'multipart/form-data';
const urlencoded = 'application/x-www-form-urlencoded';
const json = 'application/json';

const refuse = (message: string, param?: string): never => {
  throw new DomainError('invalid_request', message, { param });
};

const parseForm = async (request: HonoRequest, bytes: ArrayBuffer): Promise<FormData> => {
  const headers = { 'content-type': request.header('content-type') ?? '' };
  try {
    return await new Response(bytes, { headers }).formData();
  } catch (cause) {
    throw new DomainError('invalid_request', 'The body is not a valid form', { cause });
  }
};

/** The bytes that urlencoded fields stand for, but for what separates them. */
export const percentDecoded = (content: Buffer): Buffer => {
  const text = content.toString('latin1');
  const toByte = (_all: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16));
  return Buffer.from(text.replace(/%([0-9a-f]{2})/gi, toByte), 'latin1');
};

const textFields = (form: FormData): Record<string, string> => {
  const fields = new Map<string, string>();
  for (const [param, value] of form) {
    if (typeof value !== 'string') return refuse('must be text, not a file', param);
    if (fields.has(param)) return refuse('is given twice', param);
    fields.set(param, value);
  }
  return Object.fromEntries(fields);
};

/**
 * The fields of a body, whether it is a form of either kind or JSON; none where there is no body.
 * @throws DomainError `unsupported_media_type`, or `invalid_request` for what is broken, no UTF-8, a file or given twice
 */
export const readFields = async (request: HonoRequest, reviver: Reviver): Promise<unknown> => {
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength === 0) return {};
  const type = mediaTypeOf(request) ?? '';
  if (![multipart, urlencoded, json].includes(type)) {
    throw new DomainError(
      'unsupported_media_type',
      `The Content-Type must be ${multipart}, ${urlencoded} or ${json}`,
    );
  }
  const fields = type === json ? undefined : textFields(await parseForm(request, bytes));
  const content = Buffer.from(bytes);
  // What is no UTF-8 would be replaced without a word, and come back as something else than was sent.
  if (!isUtf8(type === urlencoded ? percentDecoded(content) : content)) {
    return refuse('The body must be UTF-8');
  }
  return fields ?? readJson(request, reviver);
};
