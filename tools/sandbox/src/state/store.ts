import { openJournal, type Change, type Journal } from './journal.ts';

/** Values by id, in the order they were first put. Values are never changed in place, only put again. */
export interface Collection<T> {
  readonly size: number;
  get: (id: string) => T | undefined;
  put: (id: string, value: T) => void;
  delete: (id: string) => void;
  entries: () => IterableIterator<[string, T]>;
  newestFirst: () => T[];
}

export interface Store {
  collection: <T>(name: string) => Collection<T>;
  /** All changes made by `work` are committed together, or, when it throws, undone together. May be nested. */
  transaction: <R>(work: () => R) => R;
  close: () => void;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a collection's values come only from `put`, or from the journal that `put` wrote
const asValues = <T>(values: Map<string, unknown>): Map<string, T> => values as Map<string, T>;

/** State in memory and, when a file is given, journaled to it before a transaction returns. */
export const openStore = (file?: string): Store => {
  const collections = new Map<string, Map<string, unknown>>();
  let changes: Change[] = [];
  let undo: (() => void)[] = [];
  let inTransaction = false;

  const valuesOf = (name: string): Map<string, unknown> => {
    const known = collections.get(name);
    if (known !== undefined) return known;
    const created = new Map<string, unknown>();
    collections.set(name, created);
    return created;
  };

  function* snapshot(): Generator<Change> {
    for (const [name, values] of collections) {
      for (const [id, value] of values) yield [name, id, value];
    }
  }

  const journal: Journal | undefined =
    file === undefined
      ? undefined
      : openJournal(file, {
          replay: (change) => {
            if (change.length === 3) valuesOf(change[0]).set(change[1], change[2]);
            else valuesOf(change[0]).delete(change[1]);
          },
          snapshot,
        });

  const record = (change: Change): void => {
    if (journal === undefined) return;
    if (inTransaction) changes.push(change);
    else journal.append([change]);
  };

  const collection = <T>(name: string): Collection<T> => {
    const values = asValues<T>(valuesOf(name));
    const rememberForUndo = (id: string): void => {
      if (!inTransaction) return;
      const before = values.get(id);
      undo.push(() => (before === undefined ? values.delete(id) : values.set(id, before)));
    };
    return {
      get size() {
        return values.size;
      },
      get: (id) => values.get(id),
      put: (id, value) => {
        rememberForUndo(id);
        values.set(id, value);
        record([name, id, value]);
      },
      delete: (id) => {
        rememberForUndo(id);
        values.delete(id);
        record([name, id]);
      },
      entries: () => values.entries(),
      newestFirst: () => [...values.values()].toReversed(),
    };
  };

  const transaction = <R>(work: () => R): R => {
    const outermost = !inTransaction;
    const savepoint = { undo: undo.length, changes: changes.length };
    inTransaction = true;
    try {
      const result = work();
      if (outermost && changes.length > 0) journal?.append(changes);
      return result;
    } catch (error) {
      for (const step of undo.splice(savepoint.undo).toReversed()) step();
      changes.splice(savepoint.changes);
      throw error;
    } finally {
      if (outermost) {
        inTransaction = false;
        changes = [];
        undo = [];
      }
    }
  };

  return { collection, transaction, close: () => journal?.close() };
};
