import type { ApiRequest } from '../emulator.ts';
import type { Options } from './command.ts';

const isObject = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ofForm = (text: string): Options => Object.fromEntries(new URLSearchParams(text));

const ofJson = (text: string): Options | undefined => {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return undefined;
  }
};

/**
 * The parameters of a call: the query of a GET, the body of a POST and nothing else. The last of several counts.
 * Undefined when the body is not the JSON that it claims to be.
 */
export const readOptions = ({ method, query, headers, body }: ApiRequest): Options | undefined => {
  if (method === 'GET') return ofForm(query);
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() === 'application/json') return ofJson(body.toString());
  return type.trim().toLowerCase() === 'application/x-www-form-urlencoded'
    ? ofForm(body.toString())
    : {};
};
