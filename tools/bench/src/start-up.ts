import { join } from 'node:path';
import { freePort, host } from './processes/free-port.ts';
import { isReady } from './processes/http.ts';
import type { Program } from './processes/process-group.ts';
import { waitUntil } from './processes/wait-until.ts';
import { median } from './statistics.ts';
import { createRequest } from './subjects/create-request.ts';
import { demoApiKey, firstInvoice, hubEnv } from './subjects/hub.ts';
import { freshFolder, repository, withWorkspace } from './subjects/workspace.ts';

type Command = Pick<Program, 'command' | 'args'>;

const node = (file: string): Command => ({
  command: process.execPath,
  args: [join(repository, 'tools/launcher/src', file)],
});

const commands: readonly { name: string; command: Command }[] = [
  { name: 'npm start', command: { command: 'npm', args: ['start', '--silent'] } },
  { name: 'node main.ts', command: node('main.ts') },
  { name: 'node main-services.ts', command: node('main-services.ts') },
];

interface StartTimes {
  firstAnswerMs: number;
  firstInvoiceMs: number;
}

export interface StartUp extends StartTimes {
  name: string;
  database: 'fresh' | 'existing';
}

/** Starts the hub, creates an invoice and stops it again. */
const startOnce = (folder: string, command: Command, dataDir: string): Promise<StartTimes> =>
  withWorkspace(folder, async ({ processes }) => {
    const [gateway, sandbox] = [await freePort(), await freePort()];
    const url = `http://${host}:${gateway}`;
    const startedAt = performance.now();
    const { failure } = await processes.start({
      ...command,
      cwd: repository,
      env: hubEnv({ gateway, sandbox, dataDir }),
    });
    await waitUntil(command.command, () => isReady(`${url}/readyz`), { failure });
    const firstAnswerMs = performance.now() - startedAt;
    await firstInvoice(createRequest(url, await demoApiKey(dataDir)));
    return { firstAnswerMs, firstInvoiceMs: performance.now() - startedAt };
  });

/** The time from starting a hub's command to its first answers. */
export const measureStartUps = async (folder: string, starts: number): Promise<StartUp[]> => {
  const found: StartUp[] = [];
  for (const { name, command } of commands) {
    const times: Record<StartUp['database'], StartTimes[]> = { fresh: [], existing: [] };
    for (let start = 0; start < starts; start += 1) {
      const dataDir = await freshFolder({ folder });
      times.fresh.push(await startOnce(folder, command, dataDir));
      times.existing.push(await startOnce(folder, command, dataDir));
    }
    for (const database of ['fresh', 'existing'] as const) {
      found.push({
        name,
        database,
        firstAnswerMs: median(times[database].map((time) => time.firstAnswerMs)),
        firstInvoiceMs: median(times[database].map((time) => time.firstInvoiceMs)),
      });
    }
  }
  return found;
};
