import { readdirSync, readFileSync } from 'node:fs';

/** The kernel's USER_HZ, 100 on every Linux that Node runs on: `times` in /proc count 10 ms each. */
const microsPerTick = 10_000;

interface Stat {
  parent: number;
  cpuMicros: number;
}

const readProc = (pid: number, file: 'stat' | 'status'): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
};

const statOf = (pid: number): Stat | undefined => {
  const text = readProc(pid, 'stat');
  if (text === undefined) return undefined;
  // A program's name stands in brackets and may itself hold any character, so fields count from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  if (parent === undefined || user === undefined || system === undefined) return undefined;
  return { parent, cpuMicros: (user + system) * microsPerTick };
};

/** CPU time that these processes have used, in microseconds. Processes that have ended count as 0. */
export const cpuMicros = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + (statOf(pid)?.cpuMicros ?? 0), 0);

/** Resident memory of these processes together. Pages they share are counted once for each. */
export const rssBytes = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status') ?? '')?.[1];
    return sum + Number(kilobytes ?? 0) * 1024;
  }, 0);

/** A process and everything that descends from it, parents first. */
export const processTree = (root: number): number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? statOf(pid)?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
};
