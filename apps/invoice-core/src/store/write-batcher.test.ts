import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

const withStore = async (run: (store: Store, file: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-store-'));
  const file = join(folder, 'test.db');
  const store = await openSqliteStore(file);
  try {
    await run(store, file);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
};

const insert = (store: Store, name: string): Promise<number> =>
  store.write(async (tx) => {
    const values = { name, policy: '{}', created_at: 0 };
    const row = await tx
      .insertInto('accounts')
      .values(values)
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  });

const names = async (store: Store): Promise<string[]> =>
  (await store.read.selectFrom('accounts').select('name').orderBy('id').execute()).map(
    (row) => row.name,
  );

test('units of one turn are committed together: a reader sees all of them or none', () =>
  withStore(async (store, file) => {
    const reader = new BetterSqlite3(file, { readonly: true });
    const count = reader.prepare('select count(*) from accounts').pluck();
    const seen = new Set<unknown>();
    const units = Array.from({ length: 20 }, async (_, index) => {
      await insert(store, `account ${index}`);
      seen.add(count.get());
    });
    expect(count.get()).toBe(0);
    await Promise.all(units);
    expect(seen).toEqual(new Set([20]));
    reader.close();
  }));

test('a unit that fails undoes itself and nothing else', () =>
  withStore(async (store) => {
    const failing = store.write(async (tx) => {
      await tx
        .insertInto('accounts')
        .values({ name: 'undone', policy: '{}', created_at: 0 })
        .execute();
      throw new Error('second thoughts');
    });
    const results = await Promise.allSettled([insert(store, 'a'), failing, insert(store, 'b')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: new Error('second thoughts') });
    expect(await names(store)).toEqual(['a', 'b']);
  }));

test('a commit that fails rejects every unit of the batch and leaves the store usable', () =>
  withStore(async (store) => {
    const orphan = store.write(async (tx) => {
      await tx
        .insertInto('users')
        .values({ public_id: 'x', account_id: 99, name: 'x', email: null, created_at: 0 })
        .execute();
    });
    await expect(orphan).rejects.toThrow('FOREIGN KEY');
    await insert(store, 'after');
    expect(await names(store)).toEqual(['after']);
  }));

test('units written during a flush are written by the next', () =>
  withStore(async (store) => {
    const first = store.write(async (tx) => {
      await tx
        .insertInto('accounts')
        .values({ name: 'first', policy: '{}', created_at: 0 })
        .execute();
      return { second: insert(store, 'second') };
    });
    await (
      await first
    ).second;
    expect(await names(store)).toEqual(['first', 'second']);
  }));
