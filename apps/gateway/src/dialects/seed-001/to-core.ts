import { type CreateInvoice, type Flow, type FlowOptions, noItem } from '@quittance/contracts';
import type { Seed001Create } from '@quittance/contracts/seed-001';

interface Context extends Pick<CreateInvoice, 'caller' | 'idempotencyKey'> {
  /** What is behind the bot. */
  flow: Flow;
}

const toOptions = (flow: Flow, title: string): FlowOptions =>
  flow === 'telegram.bots_business'
    ? { provider: 'telegram', flow, title }
    : { provider: 'telegram', flow: 'telegram.bot_api', title, link: false };

/** In BB Points at the BBP bot, in Stars at our own. */
export const toCreateInvoice = (
  { amount, description, title, payload }: Seed001Create,
  { caller, idempotencyKey, flow }: Context,
): CreateInvoice => ({
  caller,
  idempotencyKey,
  billed: null,
  money: { amount, currency: flow === 'telegram.bots_business' ? 'BBP' : 'XTR' },
  item: noItem,
  description,
  payload,
  projectId: null,
  options: toOptions(flow, title),
  expiry: null,
});
