import { expect, test } from 'vitest';
import { openCore } from '../core-under-test.ts';

const held = (provider: 'telegram' | 'bitsby' | 'stripe', ref: string) => ({ provider, ref });

test('whoever holds its ref sees an invoice, whom it is owed to, and who made it', async () => {
  await using core = await openCore();
  const { identities, invoices } = core.app.core;
  const made = await invoices.create(core.telegramInvoice({ payload: 'mine' }));
  const ref = made.providerRef ?? '';
  expect(await invoices.held(held('telegram', ref))).toEqual({
    invoice: made,
    merchant: 'Shop',
    creatorTelegramId: null,
  });
  await identities.linkTelegram({ userId: core.caller.userId, telegramId: 7, pin: null });
  expect(await invoices.held(held('telegram', ref))).toMatchObject({ creatorTelegramId: 7 });
});

test('an invoice of a project is owed to the shop that it is, also by another id of it', async () => {
  await using core = await openCore();
  const { invoices, projects } = core.app.core;
  const { caller } = core;
  const project = await core.addProject();
  await projects.update({ caller, id: project.id, name: 'Tea & Co' });
  const made = await invoices.create(core.bitsbyInvoice(project));
  for (const ref of ['hint_1', 'uid_1']) {
    const found = await invoices.held(held('bitsby', ref));
    expect(found).toEqual({ invoice: made, merchant: 'Tea & Co', creatorTelegramId: null });
  }
});

test('what nobody has is not found, nor is another provider’s', async () => {
  await using core = await openCore();
  const { invoices } = core.app.core;
  const { providerRef } = await invoices.create(core.telegramInvoice());
  for (const which of [held('telegram', 'x'), held('stripe', providerRef ?? '')]) {
    await expect(invoices.held(which)).rejects.toMatchObject({
      code: 'not_found',
      message: `No invoice ${which.ref}`,
    });
  }
});
