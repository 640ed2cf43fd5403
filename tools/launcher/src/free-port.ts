import { listen } from '@quittance/runtime';

/** A port that nothing listens on at the moment: this one, or for 0 any. @throws ConfigError when it is taken */
export const freePort = async (port = 0, host = '127.0.0.1'): Promise<number> => {
  const server = await listen((_request, response) => response.end(), { host, port });
  await server.close();
  return server.port;
};
