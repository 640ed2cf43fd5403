import { readdirSync, readFileSync } from 'node:fs';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';

const folder = new URL('../../../testing/fixtures/webhooks/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

const HeadersByType = z.record(
  z.string(),
  z.object({
    'webhook-id': z.string(),
    'webhook-timestamp': z.string(),
    'webhook-signature': z.string(),
  }),
);
const headersByType = HeadersByType.parse(parseJson(read('headers.json')));

/** What signed all that was recorded. */
export const recordedSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** The types of which a message was recorded. */
export const recordedTypes: readonly string[] = readdirSync(folder)
  .filter((name) => name !== 'headers.json')
  .map((name) => name.replace(/\.json$/, ''));

/** A message as it was sent: the headers and the very bytes. */
export const recordedWebhook = (type: string) => {
  const headers = headersByType[type];
  if (!headers) throw new RangeError(`No ${type} was recorded`);
  return { headers, body: read(`${type}.json`) };
};
