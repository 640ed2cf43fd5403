import { Pin } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { BotApiError } from '../errors.ts';
import type { BotDeps, Command } from './bot-deps.ts';
import { textsFor, type Texts } from './texts.ts';

const setPinOf = async (
  { core }: BotDeps,
  telegramId: number,
  { text, texts }: { text: string; texts: Texts },
): Promise<string> => {
  const pin = Pin.safeParse(text);
  if (!pin.success) return texts.pin.malformed;
  try {
    await core.identities.setPin({ telegramId, pin: pin.data });
    return texts.pin.set;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'not_found') return texts.pin.nobody;
    throw error;
  }
};

/** A message that is gone, or too old to be deleted, is none that anybody has to be told of. */
const deleteMessage = async (context: Command): Promise<void> => {
  try {
    await context.deleteMessage();
  } catch (error) {
    if (!(error instanceof BotApiError) || error.status !== 400) throw error;
  }
};

/** `/setpin <PIN>`. The message, which has it in clear, is deleted, right or wrong; nothing that is said repeats it. */
export const setPin =
  (deps: BotDeps) =>
  async (context: Command): Promise<void> => {
    const texts = textsFor(context.from.language_code);
    const text = context.match.trim();
    const answer = await setPinOf(deps, context.from.id, { text, texts });
    if (text !== '') await deleteMessage(context);
    await context.reply(answer);
  };
