import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withAdapter } from './adapter-under-test.ts';
import { readServiceData, toServiceData } from './service-data.ts';

/** What a merchant may keep with an invoice, and what is hard on forms above all. */
const payload = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\r', '\n', '"', '\\', '-', '%', '&', '\u2028', '\u{1F600}', 'é'),
  }),
);

test('any data comes back as it was sent', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(payload), (key, data) => {
      const sent = { key, payload: data };
      expect(readServiceData(toServiceData(sent))).toEqual(sent);
    }),
  );
});

test('any data comes through Bitsby as it was sent, and the invoice is found by it', () =>
  withAdapter(async ({ provider, order, invoices }) => {
    let id = 0;
    await fc.assert(
      fc.asyncProperty(fc.option(payload), async (data) => {
        id += 1;
        const input = order(id, data);
        const { observation } = await provider.open(input);
        const [newest] = await invoices();
        expect(newest?.invoice.id).toBe(observation.ref);
        expect(readServiceData(newest?.invoice.serviceData ?? '')).toEqual({
          key: input.key,
          payload: data,
        });
        const { observations } = await provider.find({ by: 'open', open: input });
        expect(observations.map(({ ref }) => ref)).toEqual([observation.ref]);
      }),
      { numRuns: 50 },
    );
  }));

test.each(['userId:2444', '{"userId":100,"orderId":500}', '{"quittance":7,"data":null}', '[]', ''])(
  'what a shop itself has written there is nobody’s key: %s',
  (text) => {
    expect(readServiceData(text)).toBeUndefined();
  },
);
