import { Agent, request as startRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

const agent = new Agent({ keepAlive: true });

/** A request as a load generator can repeat it. */
export interface Request {
  url: string;
  headers: Record<string, string>;
  body: string;
}

const send = async (
  method: 'GET' | 'POST',
  { url, headers, body }: Request,
): Promise<{ status: number; body: string }> => {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    startRequest(url, {
      method,
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    })
      .once('response', resolve)
      .once('error', reject)
      .end(body);
  });
  return { status: response.statusCode ?? 0, body: await text(response) };
};

/** Posts once over a kept connection. @throws when the answer is not 2xx */
export const post = async (request: Request): Promise<string> => {
  const { status, body } = await send('POST', request);
  if (status < 200 || status > 299) throw new Error(`${request.url} answered ${status}: ${body}`);
  return body;
};

/** Whether a GET is answered with 200. */
export const isReady = async (url: string): Promise<true | undefined> => {
  try {
    const { status } = await send('GET', { url, headers: {}, body: '' });
    return status === 200 ? true : undefined;
  } catch {
    return undefined;
  }
};
