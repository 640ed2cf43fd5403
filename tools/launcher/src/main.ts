import { runProcess } from '@quittance/runtime';
import { announcement } from './announce.ts';
import { loadConfig } from './config.ts';
import { startHub } from './hub.ts';
import { loadEnvironment } from './load-environment.ts';

await runProcess(async () => {
  const config = loadConfig(loadEnvironment());
  const hub = await startHub(config);
  console.log(announcement(hub, config.DATA_DIR));
  return hub;
});
