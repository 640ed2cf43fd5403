import type { Invoice, WebhookReply } from '@quittance/contracts';
import type { HintingProviderSettings } from '@quittance/testing';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export interface HintedCore extends CoreUnderTest {
  /** An invoice that its provider ends in an hour. */
  invoice1: Invoice;
  /** As it is now. */
  get: () => Promise<Invoice>;
  /** The end of the URL that the provider's webhooks come to. */
  token: string;
  /** Has the provider tell us all that it has told of the invoice. */
  tell: (token?: string | null) => Promise<WebhookReply[]>;
  /** What the provider was asked about the invoice: when, in ms since it was made, and with which webhooks, newest first. */
  asked: { ms: number; hints: string[]; isUrgent: boolean; object: string | null }[];
  /** Goes on in time step by step, with the background work of each. */
  goOn: (ms: number, step?: number) => Promise<void>;
}

/** A core with one invoice at a provider whose webhooks prove nothing. */
export const openHinted = async (settings: HintingProviderSettings = {}): Promise<HintedCore> => {
  const core = await openCore({}, settings);
  const { app, bitsby, caller, clock } = core;
  const project = await core.addProject();
  const [at] = project.providers;
  if (!at) throw new Error('Expected a provider');
  const invoice1 = await app.core.invoices.create(core.bitsbyInvoice(project));
  const start = clock.now();
  const asked: HintedCore['asked'] = [];
  const { find } = bitsby.provider;
  bitsby.provider.find = (input) => {
    if (input.by === 'ref') {
      const { hints, isUrgent, object } = input;
      asked.push({ ms: clock.now() - start, hints, isUrgent, object });
    }
    return find(input);
  };
  return {
    ...core,
    invoice1,
    asked,
    token: at.webhookToken,
    get: () => app.core.invoices.get({ caller, id: invoice1.id, at: null }),
    tell: async (token = at.webhookToken) => {
      const replies: WebhookReply[] = [];
      for (const webhook of await bitsby.webhooks('hint_1')) {
        replies.push(await app.core.webhooks.receive({ provider: 'bitsby', token, webhook }));
      }
      return replies;
    },
    goOn: async (ms, step = minuteMs) => {
      for (let gone = 0; gone < ms; gone += step) {
        clock.advance(step);
        await app.work();
        // What is due at once by what was done.
        await app.work();
      }
    },
  };
};
