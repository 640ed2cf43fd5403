import { type Project, WebhookFormat } from '@quittance/contracts';
import { createTestClock, type TestClock } from '@quittance/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { createBitsby, hearOf, payBitsby } from './bitsby-under-test.ts';
import { addEndpoint } from './endpoints-under-test.ts';
import { messageOfEvent } from './message-of-event.ts';
import { forget, sendNothing, storedMessages } from './messages-under-test.ts';

const minute = 60_000;

interface Shop {
  core: CoreUnderTest;
  clock: TestClock;
  project: Project;
}

/** A shop on a clock that goes on by itself: Bitsby is asked just when an invoice expires, so order must tell in time. */
const openShop = async (): Promise<Shop> => {
  const clock = createTestClock();
  const ticking = (): number => {
    clock.advance(1);
    return clock.now();
  };
  const core = await openCore({ clock: ticking }, { clock: clock.now });
  return { core, clock, project: await core.addProject() };
};

/** What may happen to the invoice that Bitsby calls `ref`, whose own word alone counts for nothing. */
const steps: Record<string, (shop: Shop, ref: string) => Promise<unknown>> = {
  create: ({ core, project }) => createBitsby(core, project, { payload: '{"order":7}\n✈' }),
  pay: ({ core, project }, ref) => payBitsby(core, project, { ref }),
  payLess: ({ core, project }, ref) => payBitsby(core, project, { ref, value: 1000 }),
  payMore: ({ core, project }, ref) => payBitsby(core, project, { ref, value: 3000 }),
  payUnheard: async ({ core }, ref) => core.bitsby.pay(ref),
  hear: ({ core, project }, ref) => hearOf(core, project, ref),
  cancel: async ({ core }, ref) => core.bitsby.cancel(ref),
  work: async ({ core, clock }) => {
    clock.advance(10 * minute);
    await core.app.work();
  },
  expire: async ({ core, clock }) => {
    clock.advance(60 * minute);
    await core.app.work();
  },
};

test('a message made from history is the one that was written with the event, in every format', async () => {
  const life = fc.array(
    fc.record({
      step: fc.constantFrom(...Object.keys(steps)),
      invoice: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 3, maxLength: 10 },
  );
  const numRuns = process.env.QUITTANCE_DEEP === undefined ? 30 : 500;
  const told = { standard: 0, bitsby: 0 };
  await fc.assert(
    fc.asyncProperty(life, async (happened) => {
      const shop = await openShop();
      const { core, project } = shop;
      await using _ = core;
      await addEndpoint(core, { projectId: project.id });
      await addEndpoint(core, { projectId: project.id, format: 'bitsby' });
      await sendNothing(core);
      await createBitsby(core, project);
      for (const { step, invoice } of happened) {
        await steps[step]?.(shop, `hint_${invoice}`).catch(() => undefined);
      }
      const stored = await storedMessages(core);
      await forget(core);
      for (const { position, format, body } of stored) {
        const known = WebhookFormat.parse(format);
        const made = await messageOfEvent(core.store.read, { position, format: known });
        expect(made).toEqual({ webhookId: `evt_${position}`, body });
        told[known] += 1;
      }
    }),
    { numRuns },
  );
  expect(told.standard).toBeGreaterThan(numRuns * 2);
  expect(told.bitsby).toBeGreaterThan(numRuns / 3);
}, 300_000);
