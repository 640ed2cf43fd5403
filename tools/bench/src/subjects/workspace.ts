import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProcessGroup, type ProcessGroup, type Running } from '../processes/process-group.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { isReady } from '../processes/http.ts';

export const repository = fileURLToPath(new URL('../../../..', import.meta.url));

/** Where a benchmark starts its processes and keeps their data. */
export interface Workspace {
  processes: ProcessGroup;
  folder: string;
}

/** Runs with processes that have all ended when this returns, also by throwing. */
export const withWorkspace = async <T>(
  folder: string,
  run: (workspace: Workspace) => Promise<T>,
): Promise<T> => {
  const processes = createProcessGroup();
  try {
    return await run({ processes, folder });
  } finally {
    await processes.stopAll();
  }
};

export const freshFolder = ({ folder }: Pick<Workspace, 'folder'>): Promise<string> =>
  mkdtemp(join(folder, 'data-'));

/** Starts a program of this repository from its sources and waits until `readyUrl` answers. */
export const startProgram = async (
  { processes, folder }: Workspace,
  { file, env, readyUrl }: { file: string; env: Record<string, string>; readyUrl: string },
): Promise<Running> => {
  const running = await processes.start({
    command: process.execPath,
    args: [join(repository, file)],
    // Not the repository: its .env is not to decide what is measured.
    cwd: folder,
    env,
  });
  await waitUntil(file, () => isReady(readyUrl), { failure: running.failure });
  return running;
};
