import { parseJson } from '@quittance/rpc';
import { type Clock, listen, silentLogger } from '@quittance/runtime';
import { createSandbox } from '@quittance/sandbox/app';
import { loadConfig as loadSandboxConfig } from '@quittance/sandbox/config';

/** One call of an emulated API that was carried out. */
export interface SeenCall {
  /** The last part of its path: a method of the Bot API or a command of the BBP bot. */
  name: string;
  body: Record<string, unknown>;
  status: number;
  answer: unknown;
}

export interface CannedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}

const nameOf = (path: string): string => path.split('?')[0]?.split('/').at(-1) ?? '';

const objectIn = (text: string): Record<string, unknown> => {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

/** The emulators on a port of their own, with a tap and a way to answer in their stead. */
export const startSandbox = async (clock: Clock) => {
  const calls: SeenCall[] = [];
  const sandbox = createSandbox({
    config: loadSandboxConfig({ SANDBOX_FAULT_SEED: '1' }),
    clock,
    log: silentLogger,
    observer: {
      webhookSent: () => undefined,
      answered: (_emulator, { path, body }, { status, body: answer }) => {
        const call = { status, body: objectIn(body.toString()), answer: objectIn(answer) };
        calls.push({ name: nameOf(path), ...call });
      },
    },
  });
  const canned = new Map<string, CannedAnswer[]>();
  const server = await listen(
    (request, response) => {
      const answer = canned.get(nameOf(request.url ?? ''))?.shift();
      if (!answer) return sandbox.listener(request, response);
      response.writeHead(answer.status ?? 200, answer.headers);
      return response.end(answer.body);
    },
    { host: '127.0.0.1', port: 0 },
  );

  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${server.url}/_sandbox${path}`, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
    return parseJson(answer);
  };

  return {
    url: server.url,
    calls,
    control,
    /** Answers the next calls of that name so, one each. */
    answer: (name: string, ...answers: CannedAnswer[]) => void canned.set(name, answers),
    /** Makes calls that match fail, e.g. a method of the Bot API: the first with the first fault, and so on. */
    fail: async (match: string, ...faults: string[]) => {
      const script = faults.map((fault) => ({ fault, match }));
      await control('PUT', '/faults', { seed: 1, script });
    },
    close: async () => {
      const closed = server.close();
      await sandbox.close();
      await closed;
    },
  };
};

export type SandboxUnderTest = Awaited<ReturnType<typeof startSandbox>>;
