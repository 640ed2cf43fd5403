import { type Environment, parseConfig } from '@quittance/runtime';
import { z } from 'zod';
import { configSchema } from '../config.ts';

/** Which hub the commands talk to, where no option says so. */
export const cliConfigSchema = z.object({
  DATA_DIR: configSchema.shape.DATA_DIR,
  QUITTANCE_URL: z.url({ protocol: /^https?$/ }).optional(),
  QUITTANCE_API_KEY: z.string().optional(),
});

/** The rest of a hub's configuration does not concern them, and may be wrong. */
export const loadCliConfig = (env: Environment): z.infer<typeof cliConfigSchema> =>
  parseConfig(cliConfigSchema, env);
