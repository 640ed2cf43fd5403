import { boolArg, textArg } from '../api/args.ts';
import { badRequest, queryTooOld } from '../api/errors.ts';
import { method } from './method.ts';

const longestText = 200;

/** Seconds in which the press of a button is to be answered. */
const answeredWithin = 150;

export const callbackQueryMethods = [
  method('answerCallbackQuery', ({ work, bot, args }) => {
    const id = textArg(args, 'callback_query_id');
    const query = work.state.callbackQueries.get(id);
    if (query?.bot !== bot.key || work.now - query.at > answeredWithin) throw queryTooOld();
    const text = textArg(args, 'text');
    if (text.length > longestText) throw badRequest('MESSAGE_TOO_LONG');
    const answer = { text, show_alert: boolArg(args, 'show_alert'), url: textArg(args, 'url') };
    work.state.callbackQueries.put(id, { ...query, answer });
    return true;
  }),
];
