import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface WebhookPost {
  url: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

/** Posts and resolves with the status of the answer. Redirects are not followed. */
export type SendWebhook = (post: WebhookPost) => Promise<number>;

/** Sends over connections that are kept alive: the global fetch costs several times as much. */
export const createWebhookSender = (): { send: SendWebhook; close: () => void } => {
  const agents = {
    http: new HttpAgent({ keepAlive: true, maxSockets: 128 }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: 128 }),
  };
  return {
    send: ({ url, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const secure = url.startsWith('https:');
        const start = secure ? httpsRequest : httpRequest;
        const request = start(
          url,
          { method: 'POST', headers, signal, agent: secure ? agents.https : agents.http },
          (response) => {
            response.resume();
            response.once('error', reject);
            response.once('end', () => resolve(response.statusCode ?? 0));
          },
        );
        request.once('error', reject);
        request.end(body);
      }),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
};
