import { join } from 'node:path';
import { freePort, host } from '../processes/free-port.ts';
import { createRequest } from './create-request.ts';
import type { Subject } from './subject.ts';
import { freshFolder, startProgram, type Workspace } from './workspace.ts';

/** Bare Hono, zod and SQLite, for the hub's figures to be compared with. */
export const startBaseline = async (workspace: Workspace): Promise<Subject> => {
  const port = await freePort();
  const url = `http://${host}:${port}`;
  const { pid } = await startProgram(workspace, {
    file: 'tools/bench/src/subjects/baseline-main.ts',
    env: {
      PORT: String(port),
      DATABASE_FILE: join(await freshFolder(workspace), 'baseline.db'),
    },
    readyUrl: `${url}/readyz`,
  });
  return { request: createRequest(url, 'none'), pids: [pid], emulatorPids: [] };
};
