import type { Logger } from '@quittance/runtime';
import type { ApiAnswer, ApiRequest, Disturbance } from '../emulator.ts';
import { bbpBot, ScriptError, type Bot } from './bot.ts';
import type { Rendered } from './command.ts';
import { commands } from './commands.ts';
import { readOptions } from './options.ts';

const route = /^\/v2\/bots\/([^/]+)\/web-app\/([^/]+)$/;

const json = (status: number, body: object): ApiAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});

/**
 * What the platform says instead of the bot. Its documentation has the words "Command not found" and "No content"; their
 * form and status are not documented anywhere.
 */
const platformError = (status: number, error: string): ApiAnswer => json(status, { status, error });

const serverError = (): ApiAnswer => platformError(500, 'Internal Server Error');

/** Answers one call as the platform does for the bot, from its raw request to its raw answer. */
export const createAnswer =
  ({
    run,
    log,
  }: {
    run: (work: (bot: Bot) => Rendered | Promise<Rendered>) => Promise<Rendered>;
    log: Logger;
  }) =>
  async (request: ApiRequest, { delay, fault }: Disturbance): Promise<ApiAnswer> => {
    const [, botId, name = ''] = route.exec(request.path) ?? [];
    if (botId === undefined || !['GET', 'POST'].includes(request.method)) {
      return platformError(404, 'Not Found');
    }
    if (fault === 'rate_limit') return platformError(429, 'Too Many Requests');
    if (botId !== bbpBot.id) return platformError(404, 'Bot not found');
    const command = commands.get(name);
    if (command === undefined) return platformError(404, 'Command not found');
    const options = readOptions(request);
    if (options === undefined) return platformError(400, 'Bad Request');

    await delay?.();
    if (fault === 'server_error') return serverError();
    try {
      const rendered = await run((bot) => command(bot, options));
      return fault === 'server_error_after' ? serverError() : json(200, rendered);
    } catch (error) {
      if (error instanceof ScriptError) return platformError(404, 'No content');
      log.error({ err: error, command: name }, 'command failed');
      return serverError();
    }
  };
