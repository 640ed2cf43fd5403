import { text } from 'node:stream/consumers';
import type { RawWebhook } from '@quittance/contracts';
import { toDomainError } from '@quittance/rpc';
import { listen } from '@quittance/runtime';
import type { BotCore } from './bot/bot-deps.ts';

/** What the gateway is to the adapter: hands webhooks on to the core and answers what it says. */
export const startGateway = async (core: () => Pick<BotCore, 'webhooks'>) => {
  const received: RawWebhook[] = [];
  const statuses: number[] = [];
  const server = await listen(
    (request, response) => {
      const [, , , token] = (request.url ?? '').split('/');
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const answer = async (): Promise<void> => {
        const webhook = { headers, body: await text(request) };
        received.push({ ...webhook, ...(token !== undefined && { token }) });
        const input = { provider: 'telegram', token: token ?? null, webhook } as const;
        try {
          const reply = await core().webhooks.receive(input);
          statuses.push(reply.status);
          response.writeHead(reply.status, reply.headers).end(reply.body);
        } catch (error) {
          const { httpStatus } = toDomainError(error);
          statuses.push(httpStatus);
          response.writeHead(httpStatus).end();
        }
      };
      void answer();
    },
    { host: '127.0.0.1', port: 0 },
  );
  return { url: server.url, received, statuses, close: () => server.close() };
};
