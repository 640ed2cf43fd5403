import { mkdir } from 'node:fs/promises';

/** Makes the folder that holds keys, client secrets and evidence, for its owner's eyes only. */
export const makeDataFolder = async (dataDir: string): Promise<void> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
};
