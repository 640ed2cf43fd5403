import type { InvoiceCore } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { authenticatePin } from './authenticate-pin.ts';
import { linkTelegram, setPin, userOfTelegram } from './telegram-users.ts';

export type TelegramIdentities = Pick<
  InvoiceCore['identities'],
  'linkTelegram' | 'userOfTelegram' | 'setPin' | 'authenticatePin'
>;

/** Who users are in Telegram, and their PINs, which only the hub's own key can tell. */
export const createTelegramIdentities = (
  deps: Pick<Deps, 'store' | 'clock' | 'encryptionKey'>,
): TelegramIdentities => ({
  linkTelegram: (input) => linkTelegram(deps, input),
  userOfTelegram: (input) => userOfTelegram(deps, input),
  setPin: (input) => setPin(deps, input),
  authenticatePin: (input) => authenticatePin(deps, input),
});
