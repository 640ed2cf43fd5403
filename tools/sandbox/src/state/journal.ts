import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A put has three elements, a delete two. */
export type Change =
  | [collection: string, id: string, value: unknown]
  | [collection: string, id: string];

export interface Journal {
  /** Hands the changes to the operating system before it returns, so that kill -9 loses none of them. */
  append: (changes: readonly Change[]) => void;
  close: () => void;
}

const chunkBytes = 1 << 20;

const writeAll = (fd: number, text: string): void => {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    written += writeSync(fd, bytes, written);
  }
};

/** Complete lines only: a torn last line was never answered for and is left out. */
function* readLines(file: string): Generator<string> {
  const fd = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let rest = Buffer.alloc(0);
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      rest = Buffer.concat([rest, chunk.subarray(0, read)]);
      let start = 0;
      for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10, start)) {
        yield rest.toString('utf8', start, end);
        start = end + 1;
      }
      rest = rest.subarray(start);
    }
  } finally {
    closeSync(fd);
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the journal holds only what `append` wrote: one array of changes a line
const parseLine = (line: string): Change[] => JSON.parse(line) as Change[];

/**
 * Opens an append-only file of JSON lines, one line per committed unit of changes.
 * Replays what is there, then rewrites the file to hold `snapshot()` only.
 */
export const openJournal = (
  file: string,
  { replay, snapshot }: { replay: (change: Change) => void; snapshot: () => Iterable<Change> },
): Journal => {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file)) {
    for (const line of readLines(file)) parseLine(line).forEach(replay);
  }

  const compacted = `${file}.tmp`;
  const fd = openSync(compacted, 'w', 0o600);
  for (const change of snapshot()) writeAll(fd, `${JSON.stringify([change])}\n`);
  fsyncSync(fd);
  renameSync(compacted, file);

  return {
    append: (changes) => writeAll(fd, `${JSON.stringify(changes)}\n`),
    close: () => closeSync(fd),
  };
};
