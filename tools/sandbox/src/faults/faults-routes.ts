import { Hono } from 'hono';
import { FaultConfig } from './fault-config.ts';
import type { Faults } from './faults.ts';

const readJson = async (request: Request): Promise<unknown> => {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
};

/** `GET` shows the faults and what they did so far, `PUT` replaces them, `DELETE` goes back to those of the start. */
export const createFaultsRoutes = (faults: Faults): Hono =>
  new Hono()
    .get('/', (c) => c.json(faults.report()))
    .put('/', async (c) => {
      const body = await readJson(c.req.raw);
      if (body === undefined) {
        return c.json({ error: { message: 'The body must be JSON.', issues: [] } }, 400);
      }
      const parsed = FaultConfig.safeParse(body);
      if (!parsed.success) {
        const issues = parsed.error.issues.map(({ path, message }) => ({
          param: path.join('.'),
          message,
        }));
        return c.json({ error: { message: 'The faults are not valid.', issues } }, 400);
      }
      faults.configure(parsed.data);
      return c.json(faults.report());
    })
    .delete('/', (c) => {
      faults.reset();
      return c.json(faults.report());
    });
