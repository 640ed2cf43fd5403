import { expect, test } from 'vitest';
import { startSandbox } from '../../testing/start-sandbox.ts';

const create = async (version: string | undefined): Promise<unknown> => {
  await using started = await startSandbox();
  const answer = await started.call('POST', '/v1/payment_intents', {
    body: new URLSearchParams([
      ['amount', '1000'],
      ['currency', 'eur'],
      ['payment_method_types[]', 'card'],
      ['payment_method_types[]', 'sepa_debit'],
    ]),
    ...(version === undefined ? {} : { headers: { 'stripe-version': version } }),
  });
  return answer.json();
};

test.each([['2020-08-27'], ['2026-08-26.dahlia'], [undefined]])(
  'version %s may name payment_method_types',
  async (version) => {
    expect(await create(version)).toMatchObject({
      automatic_payment_methods: null,
      payment_method_types: ['card', 'sepa_debit'],
    });
  },
);

test.each([['2026-09-30.endive'], ['2026-10-28.endive']])('version %s may not', async (version) => {
  expect(await create(version)).toMatchObject({
    error: { code: 'parameter_unknown', param: 'payment_method_types' },
  });
});
