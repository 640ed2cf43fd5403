import type { FindInput, FindResult } from '@quittance/contracts';
import { TelegramInvoice } from '@quittance/contracts/telegram';
import { parseJson } from '@quittance/rpc';
import { openedObservation, paymentObservation, refundObservation, starsPaid } from './mapping.ts';
import type { StarMovementsOf } from './star-movements.ts';

/** How far the clocks of hub and Telegram may be apart, in seconds. */
const slackSeconds = 600;

const readInvoice = (object: string | null): TelegramInvoice | undefined =>
  object === null ? undefined : TelegramInvoice.parse(parseJson(object));

/**
 * What is known of an invoice of the bot. Telegram knows of it only what was paid, and that only in Stars: of other money
 * nothing but its own messages tells.
 */
export const findBotApi = async (
  movementsOf: StarMovementsOf,
  { ref, object }: Extract<FindInput, { by: 'ref' }>,
): Promise<FindResult> => {
  const invoice = readInvoice(object);
  const opened = invoice ? [openedObservation(invoice)] : [];
  if (invoice && invoice.currency !== 'XTR') return { observations: opened, customerRef: null };
  const since = invoice ? Date.parse(invoice.createdAt) / 1_000 - slackSeconds : 0;
  const movements = await movementsOf(ref, since);
  const seen = movements.map((movement) =>
    movement.source
      ? paymentObservation(starsPaid(movement, ref))
      : refundObservation(starsPaid(movement, ref)),
  );
  return { observations: seen.length > 0 ? seen : opened, customerRef: null };
};
