import type { Observation, RefundInput } from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import { BotApiError, making, refused } from './errors.ts';
import { refundObservation } from './mapping.ts';
import type { Telegram } from './telegram-api.ts';

const isDoneAlready = (error: unknown): boolean =>
  error instanceof BotApiError && error.description.includes('CHARGE_ALREADY_REFUNDED');

/**
 * Gives the Stars of a payment back. Asked twice it is done once: the second time Telegram says that it was.
 * https://core.telegram.org/bots/api#refundstarpayment
 */
export const refundStars = async (
  { telegram, clock }: { telegram: Telegram; clock: Clock },
  { ref, payment, money }: RefundInput,
): Promise<Observation> => {
  if (money.currency !== 'XTR') {
    throw refused(
      'Telegram gives back Stars only; other money is given back at the payment provider',
    );
  }
  const userId = Number(payment?.payer ?? NaN);
  if (!payment || !Number.isSafeInteger(userId)) {
    throw refused('Telegram gives back one payment, whole, to who paid it; which one is not known');
  }
  const params = { user_id: userId, telegram_payment_charge_id: payment.ref };
  await making(async () => {
    try {
      await telegram.api.raw.refundStarPayment(params);
    } catch (error) {
      if (!isDoneAlready(error)) throw error;
    }
  });
  const at = Math.floor(clock() / 1_000);
  const raw = JSON.stringify(params);
  return refundObservation({ chargeId: payment.ref, ref, money, at, raw });
};
