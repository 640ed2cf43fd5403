import { listen } from './listen.ts';
import { runProcess } from './run.ts';

/**
 * The program of run.test.ts. Says where it answers, then what becomes of it. It answers a request only when it gets a
 * SIGUSR2, and runs on.
 */
await runProcess(async () => {
  const held = Promise.withResolvers<void>();
  const server = await listen(
    (_request, response) => {
      console.log('asked');
      void held.promise.then(() => response.end('done'));
    },
    { host: '127.0.0.1', port: 0 },
  );
  process.once('SIGUSR2', () => held.resolve());
  console.log(JSON.stringify({ url: server.url, pid: process.pid }));
  return {
    close: async () => {
      console.log('closing');
      await server.close();
      console.log('closed');
    },
  };
});
