export const telegramPath = '/_sandbox/telegram';

/** The page of the chat of a person with a bot, which is named by its username. */
export const chatPath = (bot: string, user: number): string =>
  `${telegramPath}/chats/${bot}/${user}`;
