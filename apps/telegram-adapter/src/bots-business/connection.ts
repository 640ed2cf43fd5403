import { BotsBusinessAnswer } from '@quittance/contracts/bots-business';
import { DomainError, parseJson } from '@quittance/rpc';
import { request } from 'undici';
import type { TelegramConfig } from '../config.ts';
import { codeOf, NoAnswerError } from '../errors.ts';
import type { PortCalls } from '../port-call.ts';

/** The merchant at the BBP bot. */
export interface Merchant {
  userId: number;
  pin: string;
}

export interface BotsBusiness {
  merchant: Merchant;
  /**
   * Runs a command of the bot, with the merchant's PIN in the body, never in the URL.
   * @throws DomainError `unavailable` when nothing happened, `outcome_unknown` when something may have
   */
  run: (command: string, parameters: Record<string, unknown>) => Promise<BotsBusinessAnswer>;
}

const parsed = (text: string): BotsBusinessAnswer | undefined => {
  try {
    return BotsBusinessAnswer.safeParse(parseJson(text)).data;
  } catch {
    return undefined;
  }
};

const noClearAnswer = (cause?: unknown): DomainError =>
  new DomainError('outcome_unknown', 'Bots.Business gave no clear answer', { cause });

const retryAfterMs = (header: string | string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : undefined;

/**
 * The web API of the BBP bot: POST with JSON, as its own pages do. What an answer is says its body alone, with whatever
 * HTTP status; only where the body is none of the bot's, the platform speaks.
 */
export const connectBotsBusiness = (
  { BOTS_BUSINESS_API_URL, BOTS_BUSINESS_BOT_ID }: TelegramConfig,
  merchant: Merchant,
  { deadline }: Pick<PortCalls, 'deadline'>,
): BotsBusiness => {
  const root = `${BOTS_BUSINESS_API_URL}/v2/bots/${BOTS_BUSINESS_BOT_ID}/web-app`;

  const send = async (command: string, parameters: Record<string, unknown>) => {
    try {
      const { statusCode, headers, body } = await request(`${root}/${command}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...parameters, pin: merchant.pin }),
        signal: deadline() ?? null,
      });
      return { status: statusCode, headers, text: await body.text() };
    } catch (error) {
      const cause = new NoAnswerError(command, codeOf(error));
      if (!cause.neverReached) throw noClearAnswer(cause);
      throw new DomainError('unavailable', 'Bots.Business cannot be reached', { cause });
    }
  };

  return {
    merchant,
    run: async (command, parameters) => {
      const { status, headers, text } = await send(command, parameters);
      const answer = parsed(text);
      if (answer) return answer;
      if (status < 400 || status >= 500) throw noClearAnswer();
      throw new DomainError('unavailable', `Bots.Business does not serve us now (${status})`, {
        retryAfterMs: retryAfterMs(headers['retry-after']),
      });
    },
  };
};
