import { Hono } from 'hono';
import { readControlBody } from '../read-control-body.ts';
import { clockMove } from './clock-move.ts';
import type { MovableClock } from './movable-clock.ts';

/** `GET` shows the time, `POST` moves it forward, `DELETE` puts it back to system time. */
export const createClockRoutes = (clock: MovableClock): Hono => {
  const shown = () => ({ now: new Date(clock.now()).toISOString(), offset_ms: clock.offsetMs() });
  const schema = clockMove(clock.now);
  return new Hono()
    .get('/', (c) => c.json(shown()))
    .post('/', async (c) => {
      const body = await readControlBody(c.req.raw, schema, 'The clock cannot be moved so.');
      if ('error' in body) return c.json(body, 400);
      await clock.advance(body.data);
      return c.json(shown());
    })
    .delete('/', async (c) => {
      await clock.reset();
      return c.json(shown());
    });
};
