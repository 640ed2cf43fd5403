import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from './config.ts';
import { runDemo } from './demo.ts';
import { type DemoCredentials, readDemoCredentials } from './demo-credentials.ts';
import { startHub } from './hub.ts';
import { loadEnvironment } from './load-environment.ts';

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** A hub that has since been given live keys has no sandbox, and is no place for a demo. */
const isRunning = async ({ gatewayUrl, sandboxUrl }: DemoCredentials): Promise<boolean> =>
  (await answers(`${gatewayUrl}/readyz`)) && (await answers(`${sandboxUrl}/_sandbox`));

const say = (line: string): void => console.log(line);

const onHubOfItsOwn = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-demo-'));
  const hub = await startHub(loadConfig({ DATA_DIR: folder, PORT: '0', SANDBOX_PORT: '0' }));
  try {
    if (!hub.demo) throw new Error('The hub made no demo account');
    say(`No hub is running, so this one was started for the demo: ${hub.gatewayUrl}\n`);
    await runDemo(hub.demo, { say });
  } finally {
    await hub.close();
    await rm(folder, { recursive: true });
  }
};

try {
  const { DATA_DIR } = loadConfig(loadEnvironment());
  const running = await readDemoCredentials(DATA_DIR);
  if (running && (await isRunning(running))) await runDemo(running, { say });
  else await onHubOfItsOwn();
  say('It works.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
