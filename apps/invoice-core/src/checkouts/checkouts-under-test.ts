import type { Invoice, RawWebhook } from '@quittance/contracts';
import type { AskingProvider } from '@quittance/testing';
import type { App, AppDeps } from '../app.ts';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';

export interface AskedCore extends CoreUnderTest {
  /** The provider's id of the invoice. */
  ref: string;
  /** As it is now. */
  get: () => Promise<Invoice>;
  /** What a webhook is answered. */
  receive: (webhook: RawWebhook, app?: App) => Promise<string>;
  /** What the provider is told when somebody wants to pay. */
  ask: (question?: Parameters<AskingProvider['ask']>[1], app?: App) => Promise<string>;
  /** Has the provider tell us all that it has told of the invoice. */
  tell: () => Promise<void>;
}

/** A core with one invoice of 100 Stars that ends in an hour, at a provider that asks before it takes money. */
export const openAsked = async (
  settings: Partial<AppDeps> = {},
  asking: Parameters<typeof openCore>[2] = {},
): Promise<AskedCore> => {
  const core = await openCore(settings, {}, asking);
  const { app, caller, telegram } = core;
  const expiry = { kind: 'in', seconds: 3600 } as const;
  const { id, providerRef } = await app.core.invoices.create(core.telegramInvoice({ expiry }));
  const ref = providerRef ?? '';
  const receive: AskedCore['receive'] = async ({ token = null, ...webhook }, to = app) => {
    const reply = await to.core.webhooks.receive({ provider: 'telegram', token, webhook });
    return reply.body;
  };
  return {
    ...core,
    ref,
    get: () => app.core.invoices.get({ caller, id, at: null }),
    receive,
    ask: (question, to) => receive(telegram.ask(ref, question), to),
    tell: async () => {
      for (const webhook of await telegram.webhooks(ref)) await receive(webhook);
    },
  };
};
