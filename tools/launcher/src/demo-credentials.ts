import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';

/** What a newcomer, a script or a test needs to use a sandboxed hub. */
export const DemoCredentials = z.object({
  gatewayUrl: z.url(),
  sandboxUrl: z.url(),
  apiKey: z.string(),
  userId: z.int().positive(),
  stripe: z.object({ webhookSecret: z.string() }),
});
export type DemoCredentials = z.infer<typeof DemoCredentials>;

export const demoCredentialsFile = (dataDir: string): string =>
  join(dataDir, 'demo-credentials.json');

/** The credentials in the data folder, or undefined where there are none that can be read. */
export const readDemoCredentials = async (
  dataDir: string,
): Promise<DemoCredentials | undefined> => {
  try {
    const text = await readFile(demoCredentialsFile(dataDir), 'utf8');
    return DemoCredentials.parse(parseJson(text));
  } catch {
    return undefined;
  }
};

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
