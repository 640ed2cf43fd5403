import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { Stripe } from 'stripe';

/** What the files in the cache are made by: a change of it makes them anew. */
const makers = (): string =>
  readdirSync(import.meta.dirname)
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('');

/** A folder in `node_modules/.cache` for this version of the SDK and of this code. */
export const cacheFolder = (): string => {
  const modules = dirname(dirname(findPackageJSON('stripe', import.meta.url) ?? ''));
  const made = hash('sha256', makers()).slice(0, 16);
  const folder = join(modules, '.cache', `quittance-stripe-${Stripe.PACKAGE_VERSION}-${made}`);
  mkdirSync(folder, { recursive: true });
  return folder;
};

/** Several test processes may write the same file at once; whichever is last wins, and none reads half of it. */
export const writeWhole = (file: string, text: string): void => {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, file);
};
