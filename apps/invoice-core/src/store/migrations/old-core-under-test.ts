import { randomBytes } from 'node:crypto';
import type { CreateInvoice } from '@quittance/contracts';
import { silentLogger } from '@quittance/runtime';
import { createHintingProvider, createMemoryProvider, createTestClock } from '@quittance/testing';
import { createApp } from '../../app.ts';
import { openSqliteStore } from '../sqlite-store.ts';

/** When the old database was left, UTC ms. */
const leftAt = 1_767_227_032_000;
const money = { amount: 2050, currency: 'USD' };

/** One that was refused, and one that did not get there. */
const neverOpened = new Set([14, 26]);

export const caller = { accountId: 1, userId: 1 };

/** A core on the database, with a provider that has what the old one had opened. */
export const startCore = async (file: string) => {
  const store = await openSqliteStore(file);
  const clock = createTestClock(leftAt);
  const psp = createMemoryProvider(clock.now);

  const rows = await store.read
    .selectFrom('invoices')
    .select(['id', 'public_id'])
    .orderBy('id')
    .execute();
  for (const { id, public_id } of rows.filter((row) => !neverOpened.has(row.id))) {
    await psp.provider.open({
      key: `quittance-invoice-${public_id}`,
      invoiceId: id,
      createdAt: new Date(leftAt).toISOString(),
      mayBeOpen: false,
      money,
      description: null,
      payload: null,
      projectRef: null,
      options: psp.options,
      customer: { ref: null, userId: 1, key: 'ada', name: 'Ada', email: null },
    });
  }
  const bitsby = createHintingProvider({ clock: clock.now });
  const providers = { stripe: psp.provider, bitsby: bitsby.provider };
  const app = createApp({
    store,
    providers,
    sandbox: true,
    encryptionKey: randomBytes(32),
    webhookNetworks: [],
    clock: clock.now,
    log: silentLogger,
  });
  const { invoices, webhooks } = app.core;
  return {
    app,
    store,
    psp,
    bitsby,
    clock,
    get: (id: number) => invoices.get({ caller, id, at: null }),
    create: (change: Partial<CreateInvoice> = {}) =>
      invoices.create({
        caller,
        billed: null,
        idempotencyKey: null,
        money,
        item: { type: 'flight', id: '1' },
        description: null,
        payload: null,
        projectId: null,
        options: psp.options,
        expiry: null,
        ...change,
      }),
    pay: async (ref: string) => {
      await psp.pay(ref);
      for (const webhook of await psp.webhooks(ref)) {
        await webhooks.receive({ provider: 'stripe', token: null, webhook });
      }
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
};
