import type { Database } from 'better-sqlite3';
import type { Transaction, Unit } from './store.ts';

interface Waiting {
  run: (tx: Transaction) => Promise<void>;
  commit: () => void;
  abort: (error: unknown) => void;
}

export interface WriteBatcher {
  write: <T>(unit: Unit<T>) => Promise<T>;
  /** Resolves when nothing waits to be written. */
  idle: () => Promise<void>;
}

/**
 * Group commit: the units of one event-loop turn share one transaction and one fsync, each in its own savepoint, so
 * that one that fails undoes only itself.
 */
export const createWriteBatcher = (database: Database, tx: Transaction): WriteBatcher => {
  const [begin, savepoint, release, undo, commit, rollback] = [
    'begin immediate',
    'savepoint unit',
    'release unit',
    'rollback to unit',
    'commit',
    'rollback',
  ].map((text) => {
    const statement = database.prepare(text);
    return () => void statement.run();
  });
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;

  const runUnit = async (unit: Waiting): Promise<boolean> => {
    savepoint?.();
    try {
      await unit.run(tx);
      release?.();
      return true;
    } catch (error) {
      undo?.();
      release?.();
      unit.abort(error);
      return false;
    }
  };

  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    const written: Waiting[] = [];
    try {
      begin?.();
      for (const unit of batch) if (await runUnit(unit)) written.push(unit);
      commit?.();
    } catch (error) {
      if (database.inTransaction) rollback?.();
      for (const unit of batch) unit.abort(error);
      return;
    }
    for (const unit of written) unit.commit();
  };

  const schedule = (): void => {
    flushing ??= new Promise((resolve) => {
      setImmediate(() => {
        void flush().then(() => {
          flushing = undefined;
          if (waiting.length > 0) schedule();
          resolve();
        });
      });
    });
  };

  const write = <T>(unit: Unit<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      let commitResult: () => void;
      waiting.push({
        run: async (transaction) => {
          const value = await unit(transaction);
          commitResult = () => resolve(value);
        },
        commit: () => commitResult(),
        abort: reject,
      });
      schedule();
    });

  const idle = async (): Promise<void> => {
    if (!flushing) return;
    await flushing;
    await idle();
  };

  return { write, idle };
};
