import { BitsbyAnswer } from '@quittance/contracts/bitsby';
import { parseJson } from '@quittance/rpc';
import type { Answer } from './http-client.ts';

/** What an answer says of the request that it is to. */
export type Meaning =
  | { kind: 'done'; data: unknown }
  /** Bitsby said no, for good. */
  | { kind: 'refused'; status: number; text: string }
  /** Nothing was done; the same request can be sent later. */
  | { kind: 'too_frequent' }
  /** Nothing was done, and it is not for this invoice that it was not. */
  | { kind: 'not_served'; message: string }
  /** It may have been done. */
  | { kind: 'unclear' };

const readBody = (body: string): BitsbyAnswer | undefined => {
  try {
    return BitsbyAnswer.safeParse(parseJson(body)).data;
  } catch {
    return undefined;
  }
};

const textOf = (data: unknown): string =>
  typeof data === 'string' ? data : `Bitsby answered with an error: ${JSON.stringify(data)}`;

/** In our words: Bitsby's own may show a part of the key. */
const whyNotServed = new Map([
  [401, 'Bitsby does not accept the key of this hub (401)'],
  [403, "The hub's key may not do this at Bitsby (403)"],
]);

/**
 * Whether a request was carried out is told by `result` alone, and which HTTP statuses errors have is not documented:
 * where the status says nothing else, it is not asked. The one documented error text is "Requests too frequent".
 * https://docs.bitsby.app/api-documentation/general-information
 */
export const meaningOf = ({ status, body }: Answer): Meaning => {
  const said = readBody(body);
  const refusal = said?.result === 'error' ? textOf(said.data) : undefined;
  if (status === 429 || (refusal !== undefined && /too frequent/i.test(refusal))) {
    return { kind: 'too_frequent' };
  }
  const message = whyNotServed.get(status);
  if (message !== undefined) return { kind: 'not_served', message };
  if (status >= 500 || said === undefined) return { kind: 'unclear' };
  return refusal === undefined
    ? { kind: 'done', data: said.data }
    : { kind: 'refused', status, text: refusal };
};
