import type { WebhookReply } from '@quittance/contracts';
import { WebhookReplyCall } from '@quittance/contracts/telegram';
import { parseJson } from '@quittance/rpc';
import type { Logger } from '@quittance/runtime';
import type { Update } from 'grammy/types';
import type { BotCore } from '../bot/bot-deps.ts';
import { mayPass } from '../errors.ts';
import type { Telegram } from '../telegram-api.ts';
import { secretHeader } from '../webhook.ts';

export interface TakeDeps {
  telegram: Telegram;
  core: Pick<BotCore, 'webhooks'>;
  /** What shows the adapter that an update is from Telegram. */
  secret: string;
  log: Logger;
}

/** Makes the call that a reply is, as Telegram does with the reply to a webhook. */
const carryOut = async (
  { telegram: { api }, log }: TakeDeps,
  { body }: WebhookReply,
): Promise<void> => {
  if (body === '') return;
  const call = WebhookReplyCall.parse(parseJson(body));
  try {
    if (call.method === 'sendMessage') {
      await api.raw.sendMessage({ chat_id: call.chat_id, text: call.text });
    } else {
      const { pre_checkout_query_id, ok, error_message } = call;
      const refusal = error_message !== undefined && { error_message };
      await api.raw.answerPreCheckoutQuery({ pre_checkout_query_id, ok, ...refusal });
    }
  } catch (err) {
    if (mayPass(err)) throw err;
    log.warn({ err }, `${call.method} was refused`);
  }
};

/** Hands an update on as the gateway hands on a webhook. Done when what it says is durable and the reply carried out. */
export const takeUpdate = async (deps: TakeDeps, update: Update): Promise<void> => {
  const headers = { [secretHeader]: deps.secret, 'content-type': 'application/json' };
  const webhook = { headers, body: JSON.stringify(update) };
  const input = { provider: 'telegram', token: null, webhook } as const;
  await carryOut(deps, await deps.core.webhooks.receive(input));
};
