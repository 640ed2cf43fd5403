import { expect, test } from 'vitest';
import { openCore } from '../core-under-test.ts';

test('calls that wait for their turn at one provider hold up none at another', async () => {
  await using core = await openCore();
  const { app, bitsby, psp, caller, clock } = core;
  const project = await core.addProject();
  for (let made = 0; made < 20; made += 1) {
    await app.core.invoices.create(core.bitsbyInvoice(project));
  }
  clock.advance(15 * 60_000 - 1);
  const { id } = await app.core.invoices.create(core.invoice());
  await psp.pay('mem_1');

  const held = Promise.withResolvers<void>();
  const { find } = bitsby.provider;
  let waiting = 0;
  bitsby.provider.find = async (input) => {
    waiting += 1;
    await held.promise;
    return find(input);
  };
  const background = await app.start();
  try {
    await expect.poll(() => waiting).toBeGreaterThan(0);
    clock.advance(15 * 60_000);
    await expect
      .poll(
        async () => {
          clock.advance(1000);
          return (await app.core.invoices.get({ caller, id, at: null })).status;
        },
        { timeout: 10_000 },
      )
      .toBe('paid');
  } finally {
    held.resolve();
    await background.stop();
  }
});
