import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'vitest';
import { type DemoCredentials, readDemoCredentials } from './demo-credentials.ts';
import type { HubUnderTest } from './hub-under-test.ts';
import { freePort } from './free-port.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));

/** A sandboxed hub in a process of its own, which can be killed and started again where it was. */
export interface KillableSandbox extends AsyncDisposable {
  dataDir: string;
  demo: () => DemoCredentials;
  /** Resolves when it serves. */
  start: () => Promise<void>;
  /** SIGKILL; resolves when it has ended. */
  kill: () => Promise<void>;
  call: HubUnderTest['call'];
  /** What a query finds in its database. */
  rows: <T>(sql: string) => T[];
}

export const openKillableSandbox = async (): Promise<KillableSandbox> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'quittance-sender-'));
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
    LOG_LEVEL: 'fatal',
  };
  let child: ChildProcess | undefined;
  let known: DemoCredentials | undefined;

  const demo = (): DemoCredentials => {
    if (!known) throw new Error('The hub was not started yet');
    return known;
  };
  const isReady = async (): Promise<boolean> => {
    known = await readDemoCredentials(dataDir);
    if (!known) return false;
    return fetch(`${known.gatewayUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  const kill = async (): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  return {
    dataDir,
    demo,
    start: async () => {
      child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'inherit'] });
      await expect.poll(isReady, { timeout: 20_000, interval: 20 }).toBe(true);
    },
    kill,
    call: async (path, init = {}) => {
      const response = await fetch(`${demo().gatewayUrl}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${demo().apiKey}`, ...init.headers },
      });
      const body: unknown = await response.json();
      return { status: response.status, body };
    },
    rows: <T>(sql: string): T[] => {
      const database = new BetterSqlite3(join(dataDir, 'quittance.db'), { readonly: true });
      const rows = database.prepare<[], T>(sql).all();
      database.close();
      return rows;
    },
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(dataDir, { recursive: true });
    },
  };
};
