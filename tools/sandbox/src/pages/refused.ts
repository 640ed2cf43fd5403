import type { Context } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import type { Outcome } from '../stripe/api/idempotency.ts';
import { layout } from './layout.ts';
import { wantsJson } from './wants-json.ts';

const Refusal = z.object({ error: z.object({ message: z.string() }) });

const messageOf = (body: unknown): string => {
  const parsed = Refusal.safeParse(body);
  return parsed.success ? parsed.data.error.message : 'This is not possible.';
};

/**
 * The answer to an action that was refused. A browser never sees the API's error, which holds the client secret: it goes
 * back to the page where that has no such button any more, as after a double click, and else reads what is wrong.
 */
export const refused = (
  c: Context,
  { body }: Outcome,
  { path, offered }: { path: string; offered: boolean },
): Response | Promise<Response> => {
  if (wantsJson(c.req.raw)) {
    return c.body(JSON.stringify(body), 400, {
      'content-type': 'application/json',
    });
  }
  if (!offered) return c.redirect(path, 303);
  return c.html(
    layout(
      'Not possible',
      html`<h1>Not possible</h1>
        <p class="error">${messageOf(body)}</p>
        <p><a href="${path}">Back to the payment</a></p>`,
    ),
    400,
  );
};
