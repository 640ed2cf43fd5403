import { expect, test } from 'vitest';
import { idOf } from '../../testing/id-of.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

const usd = { amount: 2050, currency: 'usd' } as const;

test('3-D Secure waits on the page of the sandbox', async () => {
  await using started = await startSandbox();
  const { paymentIntents, charges } = started.stripe;
  const intent = await paymentIntents.create({
    ...usd,
    confirm: true,
    payment_method: 'pm_card_threeDSecure2Required',
    return_url: 'https://shop.example/done',
  });
  const page = `${started.url}/_sandbox/stripe/payment_intents/${intent.id}`;
  expect(intent).toMatchObject({
    status: 'requires_action',
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: { url: page, return_url: 'https://shop.example/done' },
    },
  });

  const answer = await started.call('POST', `${page.slice(started.url.length)}/authenticate`);
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(
    `https://shop.example/done?payment_intent=${intent.id}&payment_intent_client_secret=${intent.client_secret}&redirect_status=succeeded`,
  );
  const paid = await paymentIntents.retrieve(intent.id);
  expect(paid).toMatchObject({ status: 'succeeded', next_action: null });
  const charge = await charges.retrieve(idOf(paid.latest_charge));
  expect(charge.payment_method_details?.card?.three_d_secure?.result).toBe('authenticated');
});

test('3-D Secure cannot be asked of a payer who is away', async () => {
  await using started = await startSandbox();
  const { paymentIntents } = started.stripe;
  const card = { payment_method: 'pm_card_authenticationRequiredOnSetup' };
  const away = paymentIntents.create({ ...usd, ...card, confirm: true, off_session: true });
  expect(await failureOf(away)).toMatchObject({
    code: 'authentication_required',
    decline_code: 'authentication_required',
    statusCode: 402,
  });
  const present = await paymentIntents.create({ ...usd, ...card, confirm: true });
  expect(present.status).toBe('succeeded');
  const impatient = paymentIntents.create({
    ...usd,
    confirm: true,
    payment_method: 'pm_card_authenticationRequired',
    error_on_requires_action: true,
  });
  expect(await failureOf(impatient)).toMatchObject({ code: 'authentication_required' });
});
