import { callbackQueryMethods } from './callback-queries.ts';
import { messageMethods } from './messages.ts';
import type { Method } from './method.ts';
import { paymentMethods } from './payments.ts';
import { profileMethods } from './profile.ts';
import { webhookMethods } from './webhook.ts';

/** All that is emulated but getUpdates, which may have to wait. */
export const methods: readonly Method[] = [
  ...profileMethods,
  ...webhookMethods,
  ...messageMethods,
  ...callbackQueryMethods,
  ...paymentMethods,
];

const byName = new Map(methods.map((entry) => [entry.name.toLowerCase(), entry]));

/** By its name in lower case. */
export const findMethod = (name: string): Method | undefined => byName.get(name);

/** Where all of it is answered, in the words of the Bot API. */
export const telegramOperations: readonly string[] = [
  'getUpdates',
  ...methods.map(({ name }) => name),
].map((name) => `POST /bot<token>/${name}`);
