import { readdirSync, readFileSync } from 'node:fs';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';

const HeadersByName = z.record(
  z.string(),
  z.object({
    'webhook-id': z.string(),
    'webhook-timestamp': z.string(),
    'webhook-signature': z.string(),
  }),
);

interface Recorded {
  type: string;
  headers: z.infer<typeof HeadersByName>[string];
  /** The very bytes. */
  body: string;
}

/** What is in a folder of messages as they were sent, by name: its type, and where there are several what is special. */
const recordingsIn = (folderName: string) => {
  const folder = new URL(`../../../testing/fixtures/${folderName}/`, import.meta.url);
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
  const headersByName = HeadersByName.parse(parseJson(read('headers.json')));
  const names: readonly string[] = readdirSync(folder)
    .filter((name) => name !== 'headers.json')
    .map((name) => name.replace(/\.json$/, ''));
  return {
    names,
    recorded: (name: string): Recorded => {
      const headers = headersByName[name];
      if (!headers) throw new RangeError(`No ${name} was recorded`);
      const [subject, verb] = name.split('.');
      return { type: `${subject}.${verb}`, headers, body: read(`${name}.json`) };
    },
  };
};

const standard = recordingsIn('webhooks');
const bitsby = recordingsIn('webhooks-bitsby');

/** What signed all that was recorded. */
export const recordedSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export const recordedNames = standard.names;
export const recordedWebhook = standard.recorded;

/** The same in the format `bitsby`. */
export const recordedBitsbyNames = bitsby.names;
export const recordedBitsbyMessage = bitsby.recorded;
