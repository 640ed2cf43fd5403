import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '@quittance/runtime';
import type { ApiAnswer, Disturbance, Emulator } from './emulator.ts';
import type { Faults, RequestVerdict } from './faults/faults.ts';
import type { Observer } from './observer.ts';
import { wait, type Scheduler } from './scheduler.ts';

const maxBodyBytes = 1 << 20;

/** Undefined when the body is too large. */
const readBody = (request: IncomingMessage): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) chunks.push(chunk);
    });
    request.once('end', () => resolve(size > maxBodyBytes ? undefined : Buffer.concat(chunks)));
    request.once('error', reject);
  });

const sendJson = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message } }));
};

const disturbanceOf = (
  { latencyMs, fault, retryAfterS }: RequestVerdict,
  scheduler: Scheduler,
): Disturbance => ({
  ...(latencyMs > 0 ? { delay: () => wait(scheduler, latencyMs) } : {}),
  ...(fault === 'rate_limit' || fault === 'server_error' || fault === 'server_error_after'
    ? { fault }
    : {}),
  ...(retryAfterS !== undefined && { retryAfterS }),
});

const headersOf = ({ headers }: ApiAnswer, { retryAfterS }: RequestVerdict) =>
  retryAfterS === undefined ? headers : { ...headers, 'retry-after': String(retryAfterS) };

/**
 * Serves the emulators on one port, each at its real host's paths, and does to the connection what the faults say.
 * `close` ends the calls that a fault left hanging, carries out none that were to be late, and waits for those under way.
 */
export const createEmulatorListener = ({
  emulators,
  faults,
  observer,
  scheduler,
  log,
}: {
  emulators: readonly Emulator[];
  faults: Faults;
  observer: Observer;
  scheduler: Scheduler;
  log: Logger;
}): { listener: RequestListener; close: () => Promise<void> } => {
  const serving = new Set<Promise<void>>();
  const hanging = new Set<ServerResponse>();
  const late = new Set<() => void>();
  let closed = false;

  const hang = (response: ServerResponse): void => {
    if (closed) {
      response.destroy();
      return;
    }
    hanging.add(response);
    response.once('close', () => hanging.delete(response));
  };

  /** Answers nothing. Resolves when the client has gone away and so much time has passed; or when the sandbox closes. */
  const outlastClient = async (response: ServerResponse, lateMs: number): Promise<void> => {
    const gone = once(response, 'close');
    hang(response);
    await gone;
    if (closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = scheduler.after(lateMs, resolve);
    late.add(resolve);
    await promise;
    late.delete(resolve);
    cancel();
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '/', ...queries] = (request.url ?? '/').split('?');
    const query = queries.join('?');
    const method = request.method ?? 'GET';
    const emulator = emulators.find(({ owns }) => owns(path));
    if (emulator === undefined) {
      sendJson(response, 404, `No emulator answers ${method} ${path}; see /_sandbox.`);
      return;
    }
    const body = await readBody(request);
    if (body === undefined) {
      sendJson(response, 413, `The body is larger than ${maxBodyBytes} bytes.`);
      return;
    }
    const verdict = faults.forRequest(`${method} ${path}`);
    if (verdict.fault === 'drop_before') {
      response.destroy();
      return;
    }
    if (verdict.lateMs !== undefined) {
      await outlastClient(response, verdict.lateMs);
      if (closed) return;
    }
    const origin = `http://${request.headers.host ?? 'localhost'}`;
    const call = { method, path, query, headers: request.headers, body, origin };
    const answer = await emulator.answer(call, disturbanceOf(verdict, scheduler));
    observer.answered(emulator.name, call, answer);
    if (verdict.fault === 'drop_after' || verdict.lateMs !== undefined) response.destroy();
    else if (verdict.fault === 'hang_after') hang(response);
    else response.writeHead(answer.status, headersOf(answer, verdict)).end(answer.body);
  };

  const serveSafely = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await serve(request, response);
    } catch (error) {
      if (!request.complete) {
        log.debug({ err: error }, 'the client went away');
        return;
      }
      log.error({ err: error }, 'request failed');
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, 'The sandbox failed.');
    }
  };

  return {
    listener: (request, response) => {
      if (closed) {
        response.destroy();
        return;
      }
      const served = serveSafely(request, response);
      serving.add(served);
      void served.then(() => serving.delete(served));
    },
    close: async () => {
      closed = true;
      for (const response of hanging) response.destroy();
      for (const end of late) end();
      await Promise.all(serving);
    },
  };
};
