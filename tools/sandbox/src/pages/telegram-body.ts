import type { Context } from 'hono';
import type { z } from 'zod';
import { readControlBody } from '../read-control-body.ts';
import { Refusal } from '../telegram/people/refusal.ts';
import { wantsJson } from './wants-json.ts';

/** Whether a form of a page sent it, whose fields may be left empty. */
export const isForm = (c: Context): boolean =>
  (c.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded');

/** Whether it is to be led back to a page rather than answered. */
export const isBrowser = (c: Context): boolean => isForm(c) && !wantsJson(c.req.raw);

/**
 * The body of a control route, JSON or what a form sent.
 * @throws Refusal that names every field that is wrong
 */
export const bodyOf = async <S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> => {
  const given = isForm(c)
    ? new Request('http://localhost/', {
        method: 'POST',
        body: JSON.stringify(
          Object.fromEntries(
            [...new URLSearchParams(await c.req.text())].filter(([, value]) => value !== ''),
          ),
        ),
      })
    : c.req.raw;
  const body = await readControlBody(given, schema, 'The body is not valid.');
  if ('data' in body) return body.data;
  const { message, issues } = body.error;
  const wrong = issues.map(({ param, message: reason }) =>
    `${param}: ${reason}`.replace(/^: /, ''),
  );
  throw new Refusal([message, ...wrong].join(' '));
};
