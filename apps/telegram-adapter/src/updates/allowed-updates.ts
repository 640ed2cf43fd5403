/** What the bot is told of. Money comes as messages. */
export const allowedUpdates = ['message', 'pre_checkout_query', 'callback_query'] as const;
