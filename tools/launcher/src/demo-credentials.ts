import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';

/** What a newcomer, a script or a test needs to use a sandboxed hub. */
export const DemoCredentials = z.object({
  gatewayUrl: z.url(),
  sandboxUrl: z.url(),
  /** The demo user's own. */
  apiKey: z.string(),
  /** Of `/admin/api`. */
  adminKey: z.string(),
  userId: z.int().positive(),
  /** The demo user's shop, and what `/invoices/create` is called with: `Authorization: Token <bitsbyToken>`. */
  projectId: z.uuid(),
  bitsbyToken: z.string(),
  stripe: z.object({
    /** The demo user at emulated Stripe, and a card of theirs that always pays. */
    customer: z.string(),
    paymentMethod: z.string(),
    webhookSecret: z.string(),
  }),
  /** What `/v2/bots/<botId>/web-app/new-invoice` is called with: the demo user's Telegram id and PIN. */
  telegram: z.object({ botId: z.string(), userId: z.int().positive(), pin: z.string() }),
});
export type DemoCredentials = z.infer<typeof DemoCredentials>;

/** What a data folder has of them: an older hub, or one that was cut off, may have written less. */
const KnownCredentials = DemoCredentials.partial().extend({
  stripe: DemoCredentials.shape.stripe.partial().optional(),
  telegram: DemoCredentials.shape.telegram.partial().optional(),
});
export type KnownCredentials = z.infer<typeof KnownCredentials>;

export const demoCredentialsFile = (dataDir: string): string =>
  join(dataDir, 'demo-credentials.json');

/** The credentials in the data folder, as far as there are any that can be read. */
export const readKnownCredentials = async (dataDir: string): Promise<KnownCredentials> => {
  try {
    const text = await readFile(demoCredentialsFile(dataDir), 'utf8');
    return KnownCredentials.parse(parseJson(text));
  } catch {
    return {};
  }
};

/** The credentials in the data folder, or undefined where they are not whole. */
export const readDemoCredentials = async (dataDir: string): Promise<DemoCredentials | undefined> =>
  DemoCredentials.safeParse(await readKnownCredentials(dataDir)).data;

/** Writes them whole or not at all, for their owner's eyes only. */
export const writeDemoCredentials = async (
  dataDir: string,
  credentials: DemoCredentials,
): Promise<void> => {
  const file = demoCredentialsFile(dataDir);
  const draft = `${file}.new`;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
};

export const newWebhookSecret = (): string => `whsec_${randomBytes(24).toString('base64url')}`;
