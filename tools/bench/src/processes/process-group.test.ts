import { execPath } from 'node:process';
import { expect, test } from 'vitest';
import { createProcessGroup } from './process-group.ts';
import { cpuMicros, processTree, rssBytes } from './usage.ts';
import { waitUntil } from './wait-until.ts';

const parent = `
  require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  setInterval(() => {}, 1000);
`;

test.runIf(process.platform === 'linux')(
  'counts and ends a process with its children',
  async () => {
    const group = createProcessGroup();
    const command = { command: execPath, args: ['-e', parent], cwd: '/', env: {} };
    const { pid } = await group.start(command);
    const tree = await waitUntil('a child', () => {
      const pids = processTree(pid);
      return Promise.resolve(pids.length === 2 && cpuMicros(pids) > 0 ? pids : undefined);
    });
    expect(rssBytes(tree)).toBeGreaterThan(rssBytes([pid]));
    await group.stopAll();
    await waitUntil('the end', () => Promise.resolve(rssBytes(tree) === 0 ? true : undefined));
  },
);
