import { readdirSync } from 'node:fs';
import { type Fact, formatDecimal, type Observation } from '@quittance/contracts';
import { StripeEvent } from '@quittance/contracts/stripe';
import { parseJson } from '@quittance/rpc';
import { createTestClock, fixture, fixtureText } from '@quittance/testing';
import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { withAdapter } from './adapter-under-test.ts';
import { liveThrough } from './merchant-life-under-test.ts';
import { createReceiver } from './webhook.ts';

const secret = 'whsec_recorded';
const clock = createTestClock();
const receive = createReceiver({ webhookSecrets: [secret], clock: clock.now });

const received = async (payload: string): Promise<Observation[]> => {
  const timestamp = clock.now() / 1000;
  const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const { observations, reply } = await receive({
    headers: { 'stripe-signature': header },
    body: payload,
  });
  expect(reply.status).toBe(200);
  return observations;
};

const written = (fact: Fact): string => {
  if (fact.kind === 'progress') {
    return fact.reason === null ? fact.state : `${fact.state}: ${fact.reason}`;
  }
  if (fact.kind === 'ends') return `ends at ${fact.time}`;
  const money = `${fact.kind} ${formatDecimal(fact.money)} ${fact.money.currency}`;
  if (fact.kind === 'refund' || fact.kind === 'dispute') return `${money} ${fact.state}`;
  return fact.kind !== 'owed' && fact.paidAt !== null ? `${money} at ${fact.paidAt}` : money;
};

const kindOf = (id: string | null): string | undefined => id?.split('_')[0];

/** What is told of an event in `readings.json`; ids by what they are of. */
const reading = ({ ref, aliases, foreign, facts, providerData }: Observation) => ({
  about: kindOf(ref),
  ...(aliases && { aliases: aliases.map(kindOf) }),
  ...(foreign && { foreign: formatDecimal(foreign.money) }),
  facts: facts.map(written),
  hasObject: providerData !== null,
});

const folder = 'stripe/webhooks';
/** What is read of each fixture, by version and name; null where it is none of ours. */
const Readings = z.record(z.string(), z.record(z.string(), z.unknown()));
const readings = Readings.parse(fixture(`${folder}/readings.json`));

const files = readdirSync(
  new URL('../../../libs/testing/fixtures/stripe/webhooks/', import.meta.url),
  { recursive: true, encoding: 'utf8' },
)
  .filter((path) => path.includes('/'))
  .map((path) => path.replace(/\.json$/, ''));

test('every fixture has its reading, and every reading its fixture', () => {
  const known = Object.entries(readings).flatMap(([version, names]) =>
    Object.keys(names).map((name) => `${version}/${name}`),
  );
  expect(files.toSorted()).toEqual(known.toSorted());
});

test.each(files)('%s is read for what it says', async (path) => {
  const text = fixtureText(`${folder}/${path}.json`);
  const [version = '', name = ''] = path.split('/');
  const event = StripeEvent.parse(fixture(`${folder}/${path}.json`));
  expect(name.startsWith(event.type)).toBe(true);
  const observations = await received(text);
  expect(observations.length).toBeLessThan(2);
  const [observation] = observations;
  expect(observation ? reading(observation) : null).toEqual(readings[version]?.[name]);
  if (!observation) return;
  const { ref, aliases = [], foreign } = observation;
  for (const id of [ref, ...aliases, ...(foreign ? [foreign.customerRef] : [])]) {
    expect(text).toContain(`"${id}"`);
  }
  expect(observation).toMatchObject({ evidenceId: event.id, raw: text });
  expect(observation.occurredAt).toBe(new Date(event.created * 1000).toISOString());
});

test('of everything that the emulator sends today there is a record', () =>
  withAdapter(
    async (adapter) => {
      await liveThrough(adapter, () => Promise.resolve());
      const webhooks = await adapter.webhooksWhere(() => true);
      const types = await Promise.all(
        webhooks.map(async ({ body }) => {
          const isRead = (await received(body)).length > 0;
          return isRead ? StripeEvent.parse(parseJson(body)).type : [];
        }),
      );
      const recorded = Object.keys(readings['2026-10-28.endive'] ?? {});
      const unrecorded = types.flat().filter((type) => !recorded.includes(type));
      expect(webhooks.length).toBeGreaterThan(50);
      expect(unrecorded).toEqual([]);
    },
    { clock: clock.now },
  ));
