import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface WebhookReply {
  status: number;
  reason: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Posts an update and resolves with the answer, whatever it is. Redirects are not followed. */
export type PostUpdate = (post: {
  url: string;
  /** Sent as `X-Telegram-Bot-Api-Secret-Token` unless it is empty. */
  secret: string;
  body: string;
  signal: AbortSignal;
}) => Promise<WebhookReply>;

const maxReplyBytes = 1 << 20;

/** The body of an answer is kept, since a bot may call a method with it. */
export const createPostUpdate = (): { post: PostUpdate; close: () => void } => {
  const agents = {
    http: new HttpAgent({ keepAlive: true, maxSockets: 128 }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: 128 }),
  };
  return {
    post: ({ url, secret, body, signal }) =>
      new Promise((resolve, reject) => {
        const secure = url.startsWith('https:');
        const start = secure ? httpsRequest : httpRequest;
        const headers = {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          ...(secret !== '' && { 'x-telegram-bot-api-secret-token': secret }),
        };
        const request = start(
          url,
          { method: 'POST', headers, signal, agent: secure ? agents.https : agents.http },
          (response) => {
            const chunks: Buffer[] = [];
            let size = 0;
            response.on('data', (chunk: Buffer) => {
              size += chunk.length;
              if (size <= maxReplyBytes) chunks.push(chunk);
            });
            response.once('error', reject);
            response.once('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                reason: response.statusMessage ?? '',
                headers: response.headers,
                body: size > maxReplyBytes ? Buffer.alloc(0) : Buffer.concat(chunks),
              }),
            );
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
