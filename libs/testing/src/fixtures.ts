import { readFileSync } from 'node:fs';
import { parseJson } from '@quittance/rpc';

/** A recorded JSON document from `libs/testing/fixtures`, as text. */
export const fixtureText = (path: string): string =>
  readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8');

export const fixture = (path: string): unknown => parseJson(fixtureText(path));
