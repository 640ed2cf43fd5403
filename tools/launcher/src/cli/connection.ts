import type { Command } from 'commander';
import { z } from 'zod';
import { readKnownCredentials } from '../demo-credentials.ts';
import type { Cli } from './cli.ts';
import { Failure } from './failure.ts';
import { createHubApi, type HubApi } from './hub-api.ts';
import { urlOption } from './options.ts';
import { loadCliConfig } from './settings.ts';

export const ConnectionOptions = z.object({
  url: urlOption.optional(),
  apiKey: z.string().min(1, 'must not be empty').optional(),
});
export type ConnectionOptions = z.infer<typeof ConnectionOptions>;

export const withConnection = (command: Command): Command =>
  command
    .option('--url <url>', 'the hub; else QUITTANCE_URL, else that of the demo credentials')
    .option('--api-key <key>', 'else QUITTANCE_API_KEY, else that of the demo credentials');

export interface Connection {
  url: string;
  apiKey: string;
}

/** The hub that a command is for: by its options, else the environment, else the demo's. @throws Failure for none */
export const findConnection = async (
  { env }: Pick<Cli, 'env'>,
  { url, apiKey }: ConnectionOptions,
): Promise<Connection> => {
  const { DATA_DIR, QUITTANCE_URL, QUITTANCE_API_KEY } = loadCliConfig(env);
  const demo = await readKnownCredentials(DATA_DIR);
  const hub = url ?? QUITTANCE_URL ?? demo.gatewayUrl;
  const key = apiKey ?? QUITTANCE_API_KEY ?? demo.apiKey;
  if (hub !== undefined && key !== undefined) return { url: hub, apiKey: key };
  throw new Failure(
    `No ${hub === undefined ? 'hub' : 'API key'} is known: there are no demo credentials in ${DATA_DIR}. Start a hub ` +
      'with npm start, or give --url and --api-key, or QUITTANCE_URL and QUITTANCE_API_KEY.',
  );
};

export const connect = async (cli: Pick<Cli, 'env'>, options: ConnectionOptions): Promise<HubApi> =>
  createHubApi(await findConnection(cli, options));
