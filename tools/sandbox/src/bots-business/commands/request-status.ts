import { failure, type Command } from '../command.ts';
import { textOf } from '../loose.ts';

/** Shows a request to anybody. Its own status stands where other answers say "success". */
export const requestStatus: Command = (bot, { requestId }) => {
  if (!requestId) return failure('❌ Missing required parameter: requestId.');
  const found = bot.state.requests.get(textOf(requestId));
  if (found === undefined) return failure('❌ Invalid or expired request ID.');
  const { status, requesterId, amount, note } = found;
  return { status, requestId, requesterId, amount, note };
};
