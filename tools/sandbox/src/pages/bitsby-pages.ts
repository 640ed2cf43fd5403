import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { ProjectBody, putProject } from '../bitsby/accounts/projects.ts';
import { apiKey } from '../bitsby/api/authentication.ts';
import { BitsbyError } from '../bitsby/api/errors.ts';
import { uuid } from '../bitsby/api/params.ts';
import { setBalance } from '../bitsby/billing/change-balance.ts';
import type { BitsbyEmulator } from '../bitsby/bitsby-emulator.ts';
import type { Work } from '../bitsby/call.ts';
import { resetPaces } from '../bitsby/pace.ts';
import { RateMove, moveRates, ratesOf } from '../bitsby/rates.ts';
import { Settings, changeSettings, settingsOf } from '../bitsby/settings.ts';
import { readControlBody } from '../read-control-body.ts';
import { createBitsbyInvoicePages } from './bitsby-invoice-pages.ts';

const Balance = z.strictObject({
  apiKey,
  /** USD. */
  internal: z
    .string()
    .regex(/^-?\d{1,12}(\.\d{1,2})?$/, 'must be a decimal text with at most 2 decimals'),
});

const paces = ({ state }: Work) => ({
  keys: [...state.paces.entries()].map(([key, { accepted, refused, smallestGapMs }]) => ({
    apiKey: key,
    accepted,
    refused,
    smallestGapMs,
  })),
});

/** What Bitsby's panel does and shows, and what only a sandbox has: its rates, its settings, and how its clients behave. */
export const createBitsbyPages = (bitsby: BitsbyEmulator): Hono => {
  /** Answers with what a work says, or why it was refused. */
  const answer = (c: Context, work: (work: Work) => object): Response => {
    try {
      return c.json(bitsby.act(work));
    } catch (error) {
      if (!(error instanceof BitsbyError)) throw error;
      return c.json({ error: { message: error.message, issues: [] } }, 400);
    }
  };

  /** Reads the body of a call that changes something. */
  const change = async <S extends z.ZodType>(
    c: Context,
    schema: S,
    work: (work: Work, body: z.output<S>) => object,
  ): Promise<Response> => {
    const body = await readControlBody(c.req.raw, schema, 'The body is not valid.');
    return 'error' in body ? c.json(body, 400) : answer(c, (now) => work(now, body.data));
  };

  const projects = ({ state }: Work) => ({ projects: state.projects.newestFirst() });

  return new Hono()
    .get('/projects', (c) => answer(c, projects))
    .put('/projects/:id', async (c) => {
      const id = uuid.safeParse(c.req.param('id'));
      if (id.success)
        return change(c, ProjectBody, (work, body) => putProject(work, id.data, body));
      return c.json({ error: { message: 'The id of a project must be a UUID.', issues: [] } }, 400);
    })
    .get('/rates', (c) => answer(c, ({ state }) => ratesOf(state)))
    .put('/rates', (c) => change(c, RateMove, ({ state }, move) => moveRates(state, move)))
    .get('/settings', (c) => answer(c, ({ state }) => settingsOf(state)))
    .put('/settings', (c) =>
      change(c, Settings, ({ state }, settings) => {
        changeSettings(state, settings);
        return settings;
      }),
    )
    .put('/balance', (c) =>
      change(c, Balance, ({ state, now }, { apiKey: key, internal }) => {
        setBalance(state, { apiKey: key, internal, at: now });
        return { apiKey: key, internal: state.accounts.get(key)?.internal };
      }),
    )
    .get('/pace', (c) => answer(c, paces))
    .delete('/pace', (c) =>
      answer(c, (work) => {
        resetPaces(work.state);
        return paces(work);
      }),
    )
    .route('/invoices', createBitsbyInvoicePages(bitsby));
};
