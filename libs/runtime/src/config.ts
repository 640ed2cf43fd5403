import { z } from 'zod';

export type Environment = Record<string, string | undefined>;

/** A process cannot start as it is configured. The message says all of why, for the operator. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads a configuration from environment variables. An empty variable counts as absent.
 * @throws ConfigError naming every missing or malformed key at once, never its value.
 */
export const parseConfig = <S extends z.ZodType>(schema: S, env: Environment): z.infer<S> => {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The configuration is not valid:\n${lines.join('\n')}`);
};

/** A TCP port; 0 lets the system choose a free one. */
export const portNumber = z.coerce.number().int().min(0).max(65_535);

/** A secret of at least 16 characters. There is never a default for one. */
export const secret = z.string().min(16, 'must be at least 16 characters');

/** Comma-separated values, at least one. */
export const commaSeparated = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().min(1)).min(1));

export const logLevel = z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']);
