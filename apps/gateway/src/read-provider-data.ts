import { parseJson } from '@quittance/rpc';
import { isJsonObject } from './is-json-object.ts';

/** The provider's object as its API gave it. */
export const readProviderData = (json: string): Record<string, unknown> => {
  const data = parseJson(json);
  if (!isJsonObject(data)) throw new TypeError('A provider keeps something else than an object');
  return data;
};
