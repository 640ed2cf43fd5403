import type { WebhookInfo } from 'grammy/types';
import { boolArg, integerArg, textArg } from '../api/args.ts';
import { badRequest } from '../api/errors.ts';
import type { Bot, PendingUpdate, Webhook } from '../state.ts';
import { withAllowedUpdates } from '../updates/allowed-updates.ts';
import { describedMethod, method, type MethodCall } from './method.ts';

const pendingOf = ({ work, bot }: MethodCall): [string, PendingUpdate][] =>
  [...work.state.updates.entries()].filter(
    ([, update]) => update.bot === bot.key && update.expiresAt >= work.now,
  );

const dropPending = (call: MethodCall): void => {
  for (const [key] of pendingOf(call)) call.work.state.updates.delete(key);
};

/** What waits is tried at the new place at once, as if it had not failed before. */
const startAnew = (call: MethodCall): void => {
  for (const [key, update] of pendingOf(call)) {
    call.work.state.updates.put(key, {
      ...update,
      failedAttempts: 0,
      delay: 1,
      dueAt: call.work.nowMs,
    });
  }
};

const checkedUrl = (url: string): string => {
  const whole = url.includes('://') ? url : `https://${url}`;
  if (!URL.canParse(whole) || !/^https?:/.test(whole)) {
    throw badRequest('invalid webhook URL specified');
  }
  return whole;
};

const webhookArg = ({ args }: MethodCall, url: string): Webhook => {
  const secret = textArg(args, 'secret_token');
  if (secret.length > 256) throw badRequest('secret token is too long');
  if (!/^[\w-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters');
  const ipAddress = textArg(args, 'ip_address');
  return {
    url: checkedUrl(url),
    secret,
    maxConnections: integerArg(args, 'max_connections', { otherwise: 40, min: 1, max: 100 }),
    ...(ipAddress !== '' && { ipAddress }),
    hasCertificate: textArg(args, 'certificate') !== '',
  };
};

const sameTarget = (a: Webhook | undefined, b: Webhook): boolean => {
  const facts = ({ url, secret, maxConnections, ipAddress, hasCertificate }: Webhook) =>
    JSON.stringify([url, secret, maxConnections, ipAddress, hasCertificate]);
  return a !== undefined && !b.hasCertificate && facts(a) === facts(b);
};

const setWebhook = (call: MethodCall): string => {
  const { work, bot, args } = call;
  const url = textArg(args, 'url');
  if (url === '') return deleteWebhook(call);
  const webhook = webhookArg(call, url);
  const drop = boolArg(args, 'drop_pending_updates');
  work.woken.add(bot.key);
  if (!drop && sameTarget(bot.webhook, webhook)) {
    work.state.bots.put(bot.key, withAllowedUpdates(bot, args));
    return 'Webhook is already set';
  }
  call.abortPoll('terminated by setWebhook request');
  if (drop) dropPending(call);
  else startAnew(call);
  work.state.bots.put(bot.key, withAllowedUpdates({ ...bot, webhook }, args));
  return 'Webhook was set';
};

function deleteWebhook(call: MethodCall): string {
  const { webhook, ...bot } = call.bot;
  if (boolArg(call.args, 'drop_pending_updates')) dropPending(call);
  call.work.state.bots.put(bot.key, bot);
  return webhook === undefined ? 'Webhook is already deleted' : 'Webhook was deleted';
}

const infoOf = ({ webhook, allowedUpdates }: Bot, pending: number): WebhookInfo => ({
  url: webhook?.url ?? '',
  has_custom_certificate: webhook?.hasCertificate ?? false,
  pending_update_count: pending,
  ...(webhook?.ipAddress !== undefined && { ip_address: webhook.ipAddress }),
  ...(webhook?.lastError !== undefined && {
    last_error_date: webhook.lastError.date,
    last_error_message: webhook.lastError.message,
  }),
  ...(webhook !== undefined && { max_connections: webhook.maxConnections }),
  ...(allowedUpdates !== undefined && { allowed_updates: allowedUpdates }),
});

/** Http and any port are allowed, as at a server that was started with `--local`. */
export const webhookMethods = [
  describedMethod('setWebhook', (call) => ({ result: true, description: setWebhook(call) })),
  describedMethod('deleteWebhook', (call) => ({ result: true, description: deleteWebhook(call) })),
  method('getWebhookInfo', (call) => infoOf(call.bot, pendingOf(call).length)),
];
