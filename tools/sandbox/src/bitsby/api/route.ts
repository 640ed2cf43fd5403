import { z } from 'zod';
import type { Call } from '../call.ts';
import { refused } from './errors.ts';

/** One operation of the API. All are POST. */
export interface Route {
  path: string;
  /** @throws BitsbyError that names every field that is not valid */
  prepare: (fields: Record<string, string>) => (call: Call) => unknown;
}

type Params<S extends z.ZodRawShape> = z.infer<z.ZodObject<S>>;

const problemOf = ({ path, message, input }: z.core.$ZodIssue): string =>
  `${path.join('.')} ${input === undefined ? 'is required' : message}`;

/** Declares an operation. Fields that it does not know are ignored. */
export const route = <S extends z.ZodRawShape>(
  path: string,
  shape: S,
  handler: (call: Call, params: Params<S>) => unknown,
): Route => {
  const schema = z.object(shape);
  return {
    path,
    prepare: (fields) => {
      const params = schema.safeParse(fields, { reportInput: true });
      if (!params.success) throw refused(params.error.issues.map(problemOf).join('; '));
      return (call) => handler(call, params.data);
    },
  };
};
