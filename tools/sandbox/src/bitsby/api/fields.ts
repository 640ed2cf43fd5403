import type { ApiRequest } from '../../emulator.ts';
import { refused } from './errors.ts';

const formTypes = /^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

const parse = async ({ body, headers }: ApiRequest): Promise<FormData> => {
  const type = headers['content-type'] ?? '';
  if (!formTypes.test(type)) {
    throw refused('The body must be multipart/form-data or application/x-www-form-urlencoded');
  }
  try {
    return await new Response(new Uint8Array(body), {
      headers: { 'content-type': type },
    }).formData();
  } catch {
    throw refused('The body could not be read as a form');
  }
};

/** The form fields of a call; an empty one counts as left out. @throws BitsbyError when they cannot be read */
export const readFields = async (request: ApiRequest): Promise<Record<string, string>> => {
  if (request.body.length === 0) return {};
  const fields: Record<string, string> = {};
  for (const [name, value] of await parse(request)) {
    if (typeof value !== 'string') throw refused(`${name} must be a field, not a file`);
    if (value !== '') fields[name] = value;
  }
  return fields;
};
