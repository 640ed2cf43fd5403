import { Scope, WebhookEventType } from '@quittance/contracts';
import { z } from 'zod';
import { UsageFailure } from './failure.ts';

/** Options whose values more than one command takes. Each says what it must be. */

export const positionOption = z
  .string()
  .regex(/^\d{1,15}$/, { error: 'must be a position in the feed, such as 42' })
  .transform(Number);

export const idOption = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, { error: 'must be a number, such as 1' })
  .transform(Number);

/** `localhost:4000/hook` will do. */
export const urlOption = z
  .string()
  .transform((text) => (text.includes('://') ? text : `http://${text}`))
  .pipe(z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }));

const listOf = <T extends Record<string, string>>(schema: z.ZodEnum<T>) =>
  z
    .array(z.string())
    .transform((parts) => parts.flatMap((part) => part.split(',')).map((part) => part.trim()))
    .pipe(
      z.array(z.enum(schema.enum, { error: `must be of: ${schema.options.join(', ')}` })).min(1),
    );

/** An option that can be given several times: all its values. */
export const collected = (value: string, before: string[] = []): string[] => [...before, value];

/** Separated by commas, or given several times. */
export const eventTypesOption = listOf(WebhookEventType);
export const scopesOption = listOf(Scope);

const flagOf = (path: readonly PropertyKey[]): string =>
  `--${String(path[0]).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** @throws UsageFailure naming each option at fault */
export const readOptions = <S extends z.ZodType>(schema: S, options: unknown): z.output<S> => {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `${flagOf(path)} ${message}`);
  throw new UsageFailure([...new Set(lines)].join('\n'));
};
