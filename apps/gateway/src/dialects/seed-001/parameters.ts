import { isUtf8 } from 'node:buffer';
import { Seed001Parameters } from '@quittance/contracts/seed-001';
import { DomainError } from '@quittance/rpc';
import type { HonoRequest } from 'hono';
import { parseInput } from '../../parse-input.ts';
import { percentDecoded, readFields } from '../../read-fields.ts';
import { readQuery } from '../../read-query.ts';

const numbers = new Set(['amount', 'userId', 'pin']);

/** A JSON reviver that leaves such a number as the text it came as, which is how forms and queries have it. */
const keepNumberText = (key: string, value: unknown, context?: { source?: string }): unknown =>
  numbers.has(key) && typeof value === 'number' ? (context?.source ?? value) : value;

const queryOf = (request: HonoRequest): Seed001Parameters => {
  // What is no UTF-8 would be replaced without a word, and come back as something else than was sent.
  if (!isUtf8(percentDecoded(Buffer.from(new URL(request.url).search)))) {
    throw new DomainError('invalid_request', 'The query must be UTF-8');
  }
  return readQuery(request, Seed001Parameters);
};

/**
 * The parameters of a request, of its query and of its body.
 * @throws DomainError `invalid_request` also for one that is given twice, `unsupported_media_type`
 */
export const readParameters = async (request: HonoRequest): Promise<Seed001Parameters> => {
  const query = queryOf(request);
  if (request.method !== 'POST') return query;
  const body = parseInput(Seed001Parameters, await readFields(request, keepNumberText));
  const param = Object.keys(body).find((name) => Object.hasOwn(query, name));
  if (param !== undefined) throw new DomainError('invalid_request', 'is given twice', { param });
  return { ...query, ...body };
};

/** Those of the parameters that have no value. A zero is one, if a wrong one. */
export const missingOf = (
  names: readonly string[],
  parameters: Seed001Parameters,
): readonly string[] => names.filter((name) => (parameters[name] ?? '') === '');
