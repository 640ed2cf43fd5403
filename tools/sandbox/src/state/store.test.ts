import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openStore } from './store.ts';

test('keeps values in the order they were first put', () => {
  const values = openStore().collection<number>('numbers');
  values.put('a', 1);
  values.put('b', 2);
  values.put('a', 3);
  expect(values.newestFirst()).toEqual([2, 3]);
  expect(values.size).toBe(2);
});

test('a transaction that throws is undone whole, an inner one alone', () => {
  const store = openStore();
  const values = store.collection<number>('numbers');
  values.put('kept', 1);
  const fail = () =>
    store.transaction(() => {
      values.put('kept', 2);
      values.put('new', 3);
      values.delete('kept');
      throw new Error('no');
    });
  expect(fail).toThrow('no');
  expect([...values.entries()]).toEqual([['kept', 1]]);

  store.transaction(() => {
    values.put('outer', 4);
    expect(fail).toThrow('no');
  });
  expect(Object.fromEntries(values.entries())).toEqual({ kept: 1, outer: 4 });
});

test('what was committed is there after opening the file again, what was undone is not', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'new', 'state.jsonl');
  const store = openStore(file);
  const values = store.collection<{ name: string }>('people');
  store.transaction(() => {
    values.put('1', { name: 'Ada' });
    values.put('2', { name: 'Bob' });
  });
  expect(() =>
    store.transaction(() => {
      values.put('3', { name: 'Eve' });
      throw new Error('no');
    }),
  ).toThrow('no');
  values.delete('2');

  // Not closed first: a killed process closes nothing.
  const reopened = openStore(file).collection<{ name: string }>('people');
  expect([...reopened.entries()]).toEqual([['1', { name: 'Ada' }]]);
});

test('ignores a torn last line and compacts the file', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'state.jsonl');
  const values = openStore(file).collection<number>('numbers');
  for (let value = 0; value < 100; value += 1) values.put('counter', value);
  appendFileSync(file, '[["numbers","counter",4');

  const reopened = openStore(file);
  expect(reopened.collection<number>('numbers').get('counter')).toBe(99);
  expect(readFileSync(file, 'utf8')).toBe('[["numbers","counter",99]]\n');

  reopened.collection<number>('numbers').put('counter', 100);
  expect(openStore(file).collection<number>('numbers').get('counter')).toBe(100);
});

test('reads lines longer than a chunk', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'state.jsonl');
  const long = 'é'.repeat(2_000_000);
  openStore(file).collection<string>('texts').put('long', long);
  expect(openStore(file).collection<string>('texts').get('long')).toBe(long);
});
