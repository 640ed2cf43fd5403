import { runProcess } from '@quittance/runtime';
import { announcement } from './announce.ts';
import { loadConfig } from './config.ts';
import { loadEnvironment } from './load-environment.ts';
import { startServices } from './services.ts';

await runProcess(
  async () => {
    const env = loadEnvironment();
    const config = loadConfig(env);
    const hub = await startServices(config, env);
    console.log(announcement(hub, config.DATA_DIR));
    return hub;
  },
  { graceMs: 30_000 },
);
