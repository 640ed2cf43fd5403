import { aPin } from '../../core-under-test.ts';
import type { Answer, GatewayUnderTest } from '../../gateway-under-test.ts';
import { aTelegramUser } from '../../telegram-under-test.ts';

export const commands = '/v2/bots/1914078/web-app';

/** What makes the invoice of `seeds/001-response.json`. */
export const order: Record<string, string> = {
  amount: '10',
  userId: String(aTelegramUser.telegramId),
  pin: aPin,
  description: 'Payment for test',
  title: 'Test Payment',
  payload: 'user123-payment',
};

export const question: Record<string, string> = { invoiceId: 'invoice-JJD0EOPJ', pin: aPin };

type Send = (
  gateway: GatewayUnderTest,
  path: string,
  parameters: Record<string, string>,
  headers?: Record<string, string>,
) => Promise<Answer>;

export const sendJson: Send = (gateway, path, parameters, headers) =>
  gateway.post(path, parameters, headers);

const sendForm: Send = (gateway, path, parameters, headers) =>
  gateway.send(`POST ${path}`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(parameters).toString(),
  });

const sendQuery =
  (method: string): Send =>
  (gateway, path, parameters, headers = {}) =>
    gateway.send(`${method} ${path}?${new URLSearchParams(parameters).toString()}`, { headers });

export const sendGet = sendQuery('GET');

/** Every way to send parameters. */
export const ways: [name: string, send: Send][] = [
  ['POST of JSON', sendJson],
  ['POST of a form', sendForm],
  ['POST of a query', sendQuery('POST')],
  ['GET', sendGet],
];
