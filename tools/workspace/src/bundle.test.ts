import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('bundle.ts', import.meta.url));

let folder: string;

const run = (...args: string[]) =>
  spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  mkdirSync(join(folder, 'app/src'), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('bundling a program', () => {
  beforeEach(() => {
    write('app/src/main.ts', `import { name } from './typed.ts'; console.log(await name());`);
    write(
      'app/src/typed.ts',
      `import common from './common.cjs'; export const name = async (): Promise<string> => common.name;`,
    );
    write('app/src/common.cjs', `exports.name = require('node:path').basename('a/bundled');`);
    run(script, 'app');
  });

  test('says nothing when it works', () => {
    expect(run(script, 'app')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test('makes JavaScript that runs, CommonJS in it too', () => {
    rmSync(join(folder, 'app/src'), { recursive: true });
    expect(run('app/dist/main.mjs')).toMatchObject({ status: 0, stdout: 'bundled\n', stderr: '' });
  });

  test('writes a source map', () => {
    const map = readFileSync(join(folder, 'app/dist/program.mjs.map'), 'utf8');
    expect(JSON.parse(map)).toMatchObject({
      sources: expect.arrayContaining(['../src/main.ts']),
    });
  });

  test('makes a program that says so where Node is too old, before it loads anything', () => {
    write(
      'old-node.mjs',
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`,
    );
    // What an old Node would choke on.
    write('app/dist/program.mjs', 'not JavaScript');
    const { status, stdout, stderr } = run('--import', './old-node.mjs', 'app/dist/main.mjs');
    expect(stderr).toMatch(/^Quittance needs Node 22\.18 or newer, and this is Node 20\.20\.2\./);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

describe('bundling something else', () => {
  test.for([[], ['one', 'two']])('%j is answered with the usage', (args) => {
    const { status, stderr } = run(script, ...args);
    expect(stderr).toBe(
      'Usage: node tools/workspace/src/bundle.ts <package folder, such as apps/gateway>\n',
    );
    expect(status).toBe(2);
  });

  test('a folder without a program is named', () => {
    const { status, stderr } = run(script, 'app');
    expect(stderr).toBe(`There is no ${join('app', 'src/main.ts')} to bundle.\n`);
    expect(status).toBe(2);
  });

  test('a program that does not compile fails', () => {
    write('app/src/main.ts', `import './absent.ts';`);
    const { status, stderr } = run(script, 'app');
    expect(stderr).toContain('Could not resolve "./absent.ts"');
    expect(status).toBe(1);
  });
});
