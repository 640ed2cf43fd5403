import { expect, test } from 'vitest';
import { startSandbox, type StartedSandbox } from '../testing/start-sandbox.ts';

const usd = { amount: 2050, currency: 'usd' } as const;

const act = (started: StartedSandbox, id: string, action: string): Promise<Response> =>
  started.call('POST', `/_sandbox/stripe/payment_intents/${id}/${action}`, {
    headers: { accept: 'application/json' },
  });

test('shows the payment with everything escaped, and buttons', async () => {
  await using started = await startSandbox();
  const { id } = await started.stripe.paymentIntents.create({
    ...usd,
    description: '<script>alert(1)</script>',
    metadata: { '<b>key': '"><img src=x>' },
  });
  const page = await (await started.call('GET', `/_sandbox/stripe/payment_intents/${id}`)).text();
  expect(page).toContain('20.50 USD');
  expect(page).toContain('requires_payment_method');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('<img');
  expect(page).not.toContain('<b>key');
  for (const action of ['pay', 'decline', 'require-authentication']) {
    expect(page).toContain(`action="/_sandbox/stripe/payment_intents/${id}/${action}"`);
  }
});

test('a browser is sent back to the page', async () => {
  await using started = await startSandbox();
  const { id } = await started.stripe.paymentIntents.create(usd);
  const path = `/_sandbox/stripe/payment_intents/${id}`;
  const answer = await started.call('POST', `${path}/pay`);
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(path);
  const page = await (await started.call('GET', path)).text();
  expect(page).toContain('succeeded');
  for (const action of ['pay', 'decline']) expect(page).not.toContain(`${path}/${action}"`);
});

test.each([
  ['pay', 'pay'],
  ['decline', 'pay'],
  ['dispute', 'dispute'],
])('a browser that is too late with %s is sent back to the page', async (late, first) => {
  await using started = await startSandbox();
  const { id } = await started.stripe.paymentIntents.create(usd);
  const path = `/_sandbox/stripe/payment_intents/${id}`;
  await started.call('POST', `${path}/pay`);
  await started.call('POST', `${path}/${first}`);
  const answer = await started.call('POST', `${path}/${late}`);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, path]);
  expect(await answer.text()).not.toContain('secret');
});

test('a browser reads why what is offered is not possible', async () => {
  await using started = await startSandbox();
  const { id, client_secret: secret } = await started.stripe.paymentIntents.create({
    ...usd,
    allowed_payment_method_types: ['link'],
  });
  const path = `/_sandbox/stripe/payment_intents/${id}`;
  const answer = await started.call('POST', `${path}/pay`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    400,
    'text/html; charset=UTF-8',
  ]);
  const page = await answer.text();
  expect(page).toContain('This PaymentIntent takes no cards');
  expect(page).toContain(`href="${path}"`);
  expect(page).not.toContain(secret);
});

test.each([
  [['pay'], 'succeeded'],
  [['decline'], 'requires_payment_method'],
  [['decline', 'pay'], 'succeeded'],
  [['require-authentication'], 'requires_action'],
  [['require-authentication', 'authenticate'], 'succeeded'],
  [['require-authentication', 'fail-authentication'], 'requires_payment_method'],
])('%j leads to %s', async (actions, status) => {
  await using started = await startSandbox();
  const { id } = await started.stripe.paymentIntents.create(usd);
  let last: unknown;
  for (const action of actions) {
    const answer = await act(started, id, action);
    expect(answer.status).toBe(200);
    last = await answer.json();
  }
  expect(last).toMatchObject({ id, object: 'payment_intent', status });
  expect(last).toEqual({ ...(await started.stripe.paymentIntents.retrieve(id)) });
});

test.each([
  ['pay', 'succeeded'],
  ['decline', 'canceled'],
])('%s of an authorized payment leads to %s', async (action, status) => {
  await using started = await startSandbox();
  const { id } = await started.stripe.paymentIntents.create({
    ...usd,
    capture_method: 'manual',
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  expect(await (await act(started, id, action)).json()).toMatchObject({ status });
});

test('what a person does is in the events, with no request', async () => {
  await using started = await startSandbox();
  const { id } = await started.stripe.paymentIntents.create(usd);
  await act(started, id, 'pay');
  const [event] = (await started.stripe.events.list()).data;
  expect(event).toMatchObject({
    type: 'payment_intent.succeeded',
    request: { id: null, idempotency_key: null },
  });
});

test.each([
  ['dispute', 'win-dispute', 'won'],
  ['dispute', 'lose-dispute', 'lost'],
  ['inquire', 'win-dispute', 'warning_closed'],
])('%s and %s of a paid PaymentIntent lead to a dispute that is %s', async (open, end, status) => {
  await using started = await startSandbox();
  const { disputes, paymentIntents } = started.stripe;
  const { id } = await paymentIntents.create(usd);
  expect((await act(started, id, open)).status).toBe(400);
  await act(started, id, 'pay');
  const pageOf = async (): Promise<string> =>
    (await started.call('GET', `/_sandbox/stripe/payment_intents/${id}`)).text();
  expect(await pageOf()).toContain(`/${open}"`);
  expect((await act(started, id, end)).status).toBe(400);

  expect(await (await act(started, id, open)).json()).toMatchObject({ id, status: 'succeeded' });
  expect((await act(started, id, open)).status).toBe(400);
  expect(await pageOf()).toContain(`/${end}"`);
  await act(started, id, end);
  const { data } = await disputes.list({ payment_intent: id });
  expect(data).toMatchObject([{ amount: 2050, status }]);
  expect(await pageOf()).not.toContain('<button');
});

test('an impossible action and an unknown PaymentIntent are refused', async () => {
  await using started = await startSandbox();
  const { id } = await started.stripe.paymentIntents.create(usd);
  const early = await act(started, id, 'authenticate');
  expect(early.status).toBe(400);
  expect(await early.json()).toMatchObject({ error: { code: 'payment_intent_unexpected_state' } });
  expect((await act(started, 'pi_none', 'pay')).status).toBe(404);
  expect((await started.call('GET', '/_sandbox/stripe/payment_intents/pi_none')).status).toBe(404);
});

test('the index lists what is emulated and recent payments', async () => {
  await using started = await startSandbox();
  const { id } = await started.stripe.paymentIntents.create(usd);
  const index = await (await started.call('GET', '/_sandbox')).text();
  expect(index).toContain(`href="/_sandbox/stripe/payment_intents/${id}"`);
  expect(index).toContain('POST /v1/payment_intents/:id/confirm');
});
