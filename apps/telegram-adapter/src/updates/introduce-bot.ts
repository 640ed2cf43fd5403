import { commandNames, languages } from '../bot/texts.ts';
import type { Telegram } from '../telegram-api.ts';

/** Tells Telegram the bot's commands for its menu, in each language, and in English for everybody else. */
export const introduceBot = async ({ api }: Telegram): Promise<void> => {
  for (const [language_code, { commands }] of Object.entries({ ...languages, '': languages.en })) {
    const list = commandNames.map((command) => ({ command, description: commands[command] }));
    await api.raw.setMyCommands({
      commands: list,
      ...(language_code !== '' && { language_code: language_code === 'ru' ? 'ru' : 'en' }),
    });
  }
};
