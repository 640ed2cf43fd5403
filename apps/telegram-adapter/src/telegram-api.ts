import { Bot, type Transformer } from 'grammy/web';
import type { UserFromGetMe } from 'grammy/types';
import type { TelegramConfig } from './config.ts';
import { z } from 'zod';
import { BotApiError, codeOf, NoAnswerError } from './errors.ts';
import type { PortCalls } from './port-call.ts';

/** Longer than any long poll; a call of the port ends sooner, by its own deadline. */
const timeoutSeconds = 60;

export interface Telegram {
  bot: Bot;
  api: Bot['api'];
  /** Who the bot is; asked once. */
  me: () => Promise<UserFromGetMe>;
}

type GrammySignal = Parameters<Transformer>[3];

/** What answers in Telegram's stead, such as a proxy, need not keep to its form. */
const isSuccess = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;

const Refusal = z.object({
  error_code: z.int(),
  description: z.string(),
  parameters: z.object({ retry_after: z.number().min(0).optional() }).optional(),
});

/** A signal as grammY takes it: its type is of a package, of which it uses only what Node's signals have too. */
export const grammySignal = (signal: AbortSignal | undefined): GrammySignal =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it reads `aborted` and listens to `abort`, no more
  signal as GrammySignal;

/** Before anything else sees them: grammY's own errors carry the call's parameters, and the token in a URL. */
const withSafeErrors =
  (deadline: PortCalls['deadline'], secrets: readonly string[]): Transformer =>
  async (call, method, payload, signal) => {
    const within = signal ?? grammySignal(deadline());
    const answer = await call(method, payload, within).catch((error: unknown) => {
      throw new NoAnswerError(method, codeOf(error));
    });
    if (isSuccess(answer)) return answer;
    const refusal = Refusal.safeParse(answer);
    if (!refusal.success) throw new NoAnswerError(method, 'unreadable');
    const { error_code, parameters } = refusal.data;
    const description = secrets.reduce(
      (text, secret) => text.replaceAll(secret, '[redacted]'),
      refusal.data.description,
    );
    const seconds = parameters?.retry_after;
    const retryAfterMs = seconds === undefined ? undefined : Math.ceil(seconds * 1_000);
    throw new BotApiError(method, { error_code, description, retryAfterMs });
  };

export const connectTelegram = (
  { TELEGRAM_BOT_TOKEN, TELEGRAM_API_URL, TELEGRAM_PROVIDER_TOKEN }: TelegramConfig,
  { deadline }: Pick<PortCalls, 'deadline'>,
): Telegram => {
  const bot = new Bot(TELEGRAM_BOT_TOKEN, {
    client: { apiRoot: TELEGRAM_API_URL, timeoutSeconds },
  });
  const secrets = [TELEGRAM_BOT_TOKEN, TELEGRAM_PROVIDER_TOKEN].filter((one) => one !== undefined);
  bot.api.config.use(withSafeErrors(deadline, secrets));
  let known: Promise<UserFromGetMe> | undefined;
  return {
    bot,
    api: bot.api,
    me: () => {
      known ??= bot.api.getMe().catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
  };
};
