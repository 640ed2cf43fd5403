import { type IncomingHttpHeaders, request as send } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { listen } from '@quittance/runtime';

/** A webhook that came through, and what it was answered. */
export interface Passed {
  path: string;
  headers: Record<string, string>;
  body: string;
  status: number;
  reply: string;
}

/** Where in a webhook something strikes: its body half read by the hub, or answered, of which the sender never hears. */
export type WebhookMoment = 'half way' | 'answered';

/** The reverse proxy before a hub, by whose URL providers know it. */
export interface Relay extends AsyncDisposable {
  url: string;
  /** Where everything goes, once that is known. */
  leadTo: (gatewayUrl: string) => void;
  passed: Passed[];
  /** Strikes in the next webhook that has this in its body, after which the sender's connection is cut. */
  strikeOn: (strike: { about: string; moment: WebhookMoment; strike: () => void }) => void;
}

const textsOf = (headers: IncomingHttpHeaders): Record<string, string> => {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) texts[name] = String(value);
  return texts;
};

export const openRelay = async (): Promise<Relay> => {
  const passed: Passed[] = [];
  let gatewayUrl = '';
  let armed: Parameters<Relay['strikeOn']>[0] | undefined;

  const server = await listen(
    (request, response) => {
      void buffer(request).then((body) => {
        const struck = armed && body.includes(armed.about) ? armed : undefined;
        if (struck) armed = undefined;
        const cut = (): void => {
          struck?.strike();
          request.socket.destroy();
        };
        const { method = 'POST', url: path = '/', headers } = request;
        const onward = send(`${gatewayUrl}${path}`, { method, headers }, (answer) => {
          const { statusCode: status = 500, headers: answered } = answer;
          void text(answer).then((reply) => {
            passed.push({ path, headers: textsOf(headers), body: String(body), status, reply });
            if (struck) cut();
            else response.writeHead(status, answered).end(reply);
          });
        });
        onward.once('error', () => request.socket.destroy());
        if (struck?.moment === 'half way') onward.write(body.subarray(0, body.length / 2), cut);
        else onward.end(body);
      });
    },
    { host: '127.0.0.1', port: 0 },
  );
  return {
    url: server.url,
    passed,
    leadTo: (url) => {
      gatewayUrl = url;
    },
    strikeOn: (strike) => {
      armed = strike;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
};
