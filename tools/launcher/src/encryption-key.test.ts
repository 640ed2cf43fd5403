import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createIdentities, openSqliteStore } from '@quittance/invoice-core/app';
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

test('no key is made beside a database with secrets that another one encrypted', () =>
  withFolder(async (folder) => {
    const now = 1;
    const store = await openSqliteStore(join(folder, 'quittance.db'));
    const key = await keyOf(folder);
    await rm(join(folder, 'encryption.key'));
    await keyOf(folder);
    await rm(join(folder, 'encryption.key'));
    const identities = createIdentities({ store, clock: () => now });
    const { id } = await identities.createAccount({ name: 'Shop' });
    const endpoint = {
      public_id: 'ep_1',
      account_id: id,
      url: 'https://shop.example/hook',
      headers: 'v1:',
      header_names: '[]',
      ordered: 0,
      format: 'standard',
      retries: 'standard',
      created_at: now,
      updated_at: now,
    };
    await store.write(async (tx) => {
      await tx.insertInto('endpoints').values(endpoint).execute();
      const secret = { endpoint_id: 1, secret: 'v1:', created_at: now };
      await tx.insertInto('endpoint_secrets').values(secret).execute();
    });
    await store.close();
    await expect(keyOf(folder)).rejects.toThrow(/set ENCRYPTION_KEY or restore .*encryption\.key/);
    expect(await readdir(folder)).not.toContain('encryption.key');
    const configured = await keyOf(folder, { ENCRYPTION_KEY: key.toString('base64') });
    expect(configured).toEqual(key);
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
