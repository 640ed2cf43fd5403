import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { availableParallelism, platform } from 'node:os';
import { join } from 'node:path';
import { arch, version } from 'node:process';
import { median } from './statistics.ts';

export interface Machine {
  cores: number;
  system: string;
  node: string;
  fdatasyncMicros: number;
}

const writes = 200;
const pageBytes = 4096;

const fdatasyncMicros = (folder: string): number => {
  const fd = openSync(join(folder, 'fdatasync'), 'w');
  const page = Buffer.alloc(pageBytes, 1);
  const times = Array.from({ length: writes }, () => {
    const startedAt = performance.now();
    writeSync(fd, page);
    fdatasyncSync(fd);
    return (performance.now() - startedAt) * 1000;
  });
  closeSync(fd);
  return median(times);
};

/** What the figures depend on most, without the machine's name. */
export const describeMachine = (folder: string): Machine => ({
  cores: availableParallelism(),
  system: `${platform()} ${arch}`,
  node: version,
  fdatasyncMicros: fdatasyncMicros(folder),
});
