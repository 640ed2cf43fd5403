import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import type { Environment } from '@quittance/runtime';

/** The environment, completed from `.env` in the working folder where there is one. */
export const loadEnvironment = (): Environment => {
  if (existsSync('.env')) loadEnvFile('.env');
  return process.env;
};
