import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './temporary-folder.ts';

const locate = (): string | undefined => {
  try {
    const name = `@stripe/cli-${process.platform}-${process.arch}`;
    const folder = dirname(findPackageJSON(name, import.meta.url) ?? '');
    const file = join(folder, 'bin', process.platform === 'win32' ? 'stripe.exe' : 'stripe');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
};

/** The official Stripe CLI; undefined where npm has no binary of it for the platform. */
export const stripeCli = locate();

/**
 * Lets the CLI make everything that leads to an event.
 * @throws Error with what it printed, when it fails.
 */
export const triggerWithCli = async (event: string, apiBase: string): Promise<void> => {
  if (stripeCli === undefined) throw new Error('There is no Stripe CLI for this platform');
  using home = temporaryFolder();
  const key = `sk_test_${'sandbox'.repeat(4)}`;
  await promisify(execFile)(
    stripeCli,
    ['trigger', event, '--api-base', apiBase, '--api-key', key, '--color', 'off'],
    {
      env: { HOME: home.path, XDG_CONFIG_HOME: home.path, STRIPE_CLI_TELEMETRY_OPTOUT: '1' },
      timeout: 60_000,
    },
  );
};
