import type { Logger } from '@quittance/runtime';
import type { ApiAnswer, ApiRequest, Disturbance } from '../emulator.ts';
import { readArgs } from './api/args.ts';
import {
  internalError,
  notFound,
  TelegramError,
  toApiError,
  tooManyRequests,
} from './api/errors.ts';
import { addressOf } from './api/token.ts';
import { botOfToken } from './bots.ts';
import type { Execute } from './execute.ts';
import type { Answered } from './methods/method.ts';
import type { Act } from './work.ts';

/** What a rate limit asks to wait where the faults do not say. */
const defaultRetryAfterS = 1;

const reply = (status: number, body: object, headers: Record<string, string> = {}): ApiAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const refusal = (error: TelegramError): ApiAnswer => {
  const wait = error.parameters?.retry_after;
  return reply(
    error.code,
    toApiError(error),
    wait === undefined ? {} : { 'retry-after': String(wait) },
  );
};

const success = ({ result, description }: Answered): ApiAnswer =>
  reply(200, { ok: true, result, ...(description !== undefined && { description }) });

/** The way of a call: address, bot, parameters, method. */
export const createAnswer = ({
  act,
  execute,
  log,
}: {
  act: Act;
  execute: Execute;
  log: Logger;
}) => {
  const perform = async (request: ApiRequest, { delay }: Disturbance): Promise<Answered> => {
    const address = addressOf(request.path);
    if (address === undefined) throw notFound();
    const bot = act((work) => botOfToken(work, address));
    const args = await readArgs(request);
    await delay?.();
    return execute(bot.key, address.method, args);
  };

  return async (request: ApiRequest, disturbance: Disturbance): Promise<ApiAnswer> => {
    try {
      const { fault, retryAfterS = defaultRetryAfterS } = disturbance;
      if (fault === 'rate_limit') throw tooManyRequests(retryAfterS);
      if (fault === 'server_error') throw internalError();
      const answered = await perform(request, disturbance);
      if (fault === 'server_error_after') throw internalError();
      return success(answered);
    } catch (error) {
      if (error instanceof TelegramError) return refusal(error);
      log.error({ err: error }, 'call of the Bot API failed');
      return refusal(internalError());
    }
  };
};
