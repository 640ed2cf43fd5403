import { Hono } from 'hono';
import { readControlBody } from '../read-control-body.ts';
import { FaultConfig } from './fault-config.ts';
import type { Faults } from './faults.ts';

/** `GET` shows the faults and what they did so far, `PUT` replaces them, `DELETE` goes back to those of the start. */
export const createFaultsRoutes = (faults: Faults): Hono =>
  new Hono()
    .get('/', (c) => c.json(faults.report()))
    .put('/', async (c) => {
      const body = await readControlBody(c.req.raw, FaultConfig, 'The faults are not valid.');
      if ('error' in body) return c.json(body, 400);
      faults.configure(body.data);
      return c.json(faults.report());
    })
    .delete('/', (c) => {
      faults.reset();
      return c.json(faults.report());
    });
