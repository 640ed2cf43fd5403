import type { CheckoutRefusal, HeldInvoice } from '@quittance/contracts';
import type { TelegramInvoice } from '@quittance/contracts/telegram';
import { DomainError } from '@quittance/rpc';
import { isBotApiRef } from '../derived.ts';
import type { BotDeps } from './bot-deps.ts';
import { shownInvoice, whyNotPayable } from './invoice-view.ts';

export interface HeldView {
  held: HeldInvoice;
  shown: TelegramInvoice;
  /** Why it cannot be paid, if so. */
  refusal: CheckoutRefusal | undefined;
}

/** The invoice of this bot that somebody holds the ref of; undefined for no such invoice. */
export const readHeld = async (
  { core, clock }: Pick<BotDeps, 'core' | 'clock'>,
  ref: string,
): Promise<HeldView | undefined> => {
  if (!isBotApiRef(ref)) return undefined;
  try {
    const held = await core.invoices.held({ provider: 'telegram', ref });
    const shown = shownInvoice(held.invoice);
    return shown && { held, shown, refusal: whyNotPayable(held.invoice, clock()) };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'not_found') return undefined;
    throw error;
  }
};
