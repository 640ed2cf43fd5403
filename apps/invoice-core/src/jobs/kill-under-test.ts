/** Works the jobs in a file until there are none, and is killed meanwhile. Says on stdout where it is. */
import { setTimeout } from 'node:timers/promises';
import { silentLogger, systemClock } from '@quittance/runtime';
import { z } from 'zod';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { startJobRunner } from './job-runner.ts';
import { createStoreJobs } from './store-jobs.ts';
import { leaveTrace } from './traces-under-test.ts';

const store = await openSqliteStore(z.string().parse(process.argv[2]));
const jobs = createStoreJobs<{ effect: null }>({ store, clock: systemClock, log: silentLogger });

/** Then nothing that it starts ends, so that a kill is sure to cut something off. */
const stalls = process.argv[3] === 'stall';

const worker = jobs.handle({
  effect: {
    payload: z.null(),
    leaseMs: 300,
    run: async ({ key, attempt }, lease) => {
      console.log(`started ${attempt}`);
      if (stalls) await new Promise(() => {});
      await setTimeout(Math.random() * 4);
      await store.write(async (tx) => {
        await leaveTrace(tx, key);
        await lease.settle(tx);
      });
      console.log('settled');
    },
  },
});

const runner = startJobRunner({ jobs, worker, clock: systemClock, log: silentLogger });
while ((await worker.nextRunAt()) !== null) await setTimeout(20);
await runner.stop();
await store.close();
