import { DomainError, invalidInput } from '@quittance/rpc';
import type { z } from 'zod';

/** @throws DomainError `invalid_request` naming the field, also one that should not be there */
export const parseInput = <T extends z.ZodType>(schema: T, input: unknown): z.output<T> => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code !== 'unrecognized_keys') throw invalidInput(parsed.error);
  const param = [...issue.path, ...issue.keys.slice(0, 1)].join('.');
  throw new DomainError('invalid_request', 'is not known here', { param, cause: parsed.error });
};
