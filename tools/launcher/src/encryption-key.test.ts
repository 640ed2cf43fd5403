import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ConfigError } from '@quittance/runtime';
import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { encryptionKey } from './encryption-key.ts';

const withFolder = async (run: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-key-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

const keyOf = (folder: string, env: Record<string, string> = {}): Promise<Buffer> =>
  encryptionKey(loadConfig({ DATA_DIR: folder, ...env }));

test('a hub without a key makes one, for its owner alone, and keeps it', () =>
  withFolder(async (folder) => {
    const key = await keyOf(folder);
    expect(key).toHaveLength(32);
    expect(await keyOf(folder)).toEqual(key);
    expect(await readdir(folder)).toEqual(['encryption.key']);
    const { mode } = await stat(join(folder, 'encryption.key'));
    expect(mode % 0o1000).toBe(0o600);
    const written = await readFile(join(folder, 'encryption.key'), 'utf8');
    expect(written).toBe(`${key.toString('base64')}\n`);
  }));

test('hubs that start at once on one folder share one', () =>
  withFolder(async (folder) => {
    const keys = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        // One after the other in turns of the event loop, so that each step of one meets each step of another.
        for (let turn = 0; turn < index; turn += 1) await setImmediate();
        return keyOf(folder);
      }),
    );
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await readdir(folder)).toEqual(['encryption.key']);
  }));

test('a configured key is used, and none is made', () =>
  withFolder(async (folder) => {
    const key = Buffer.alloc(32, 7);
    expect(await keyOf(folder, { ENCRYPTION_KEY: key.toString('base64') })).toEqual(key);
    expect(await readdir(folder)).toEqual([]);
  }));

test('a file that holds no key is left as it is, and the hub does not start', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'encryption.key');
    await writeFile(file, 'torn');
    await expect(keyOf(folder)).rejects.toThrow(ConfigError);
    expect(await readFile(file, 'utf8')).toBe('torn');
  }));

test.each(['c2hvcnQ=', 'x'.repeat(44), Buffer.alloc(33).toString('base64')])(
  'ENCRYPTION_KEY=%s is none',
  (text) => {
    expect(() => loadConfig({ ENCRYPTION_KEY: text })).toThrow(/ENCRYPTION_KEY/);
  },
);

test('networks that may be called are listed with commas', () => {
  const { WEBHOOK_ALLOWED_NETWORKS: networks } = loadConfig({
    WEBHOOK_ALLOWED_NETWORKS: '10.0.0.0/8, fd00::/8',
  });
  expect(networks).toEqual(['10.0.0.0/8', 'fd00::/8']);
  expect(loadConfig({}).WEBHOOK_ALLOWED_NETWORKS).toEqual([]);
  for (const wrong of ['10.0.0.0', '10.0.0.0/33', 'internal', '10.0.0.0/8,,']) {
    expect(() => loadConfig({ WEBHOOK_ALLOWED_NETWORKS: wrong })).toThrow(/NETWORKS/);
  }
});
