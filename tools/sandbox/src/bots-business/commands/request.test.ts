import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonOf, payer, seller, startBbp } from '../bbp-under-test.ts';

const wanted = { userId: payer.id, requesterId: seller.id, pin: seller.pin, amount: 15 };

const Made = z.object({ requestId: z.string().regex(/^[A-Za-z0-9]{8}$/) });

const idOf = (answer: unknown): string => Made.parse(answer).requestId;

test('a request is made, paid in the chat, and its status overwrites "success"', async () => {
  await using bbp = await startBbp();
  const made = await bbp.ask('request', wanted);
  const requestId = idOf(made);
  expect(made).toEqual({
    status: 'success',
    msg: 'Your payment request has been sent successfully!',
    requestId,
    amount: 15,
    userId: payer.id,
    note: 'Pay this amount.',
  });
  const pending = {
    status: 'pending',
    requestId,
    requesterId: seller.id,
    amount: 15,
    note: 'Pay this amount.',
  };
  expect(await jsonOf(bbp.get('request-status', { requestId }))).toEqual(pending);

  const pay = () => bbp.control('POST', `/requests/${requestId}/pay`, { userId: payer.id });
  expect(await jsonOf(pay())).toMatchObject({ status: 'paid' });
  expect(await bbp.ask('request-status', { requestId })).toEqual({ ...pending, status: 'paid' });
  const again = await pay();
  expect([again.status, await again.json()]).toEqual([
    400,
    { error: { message: '❌ This request has already been paid.' } },
  ]);
  expect([await bbp.balanceOf(payer.id), await bbp.balanceOf(seller.id)]).toEqual([85, 15]);
});

test('a request that cannot be paid says why', async () => {
  await using bbp = await startBbp();
  const requestId = idOf(await bbp.ask('request', { ...wanted, amount: 101 }));
  const poor = await bbp.control('POST', `/requests/${requestId}/pay`, { userId: payer.id });
  expect([poor.status, await poor.json()]).toEqual([
    400,
    { error: { message: '❌ Insufficient BBP balance.' } },
  ]);
  const unknown = await bbp.control('POST', '/requests/x/pay', { userId: payer.id });
  expect([unknown.status, await unknown.json()]).toEqual([
    404,
    { error: { message: '❌ Invalid or expired request ID.' } },
  ]);
});

test.each([
  [
    { userId: '', requesterId: 0, pin: undefined, amount: undefined },
    'Missing required parameters: userId, requesterId, pin, amount',
  ],
  [
    { requesterId: 1 },
    'Your PIN is not set.\n\nTo set your PIN, use:\n`/setPin <your 6-digit PIN>`\n\nFor more details, check the documentation.',
  ],
  [
    { pin: 123_456 },
    'Incorrect PIN.\n\nPlease enter the correct PIN. You can retrieve your PIN by sending:\n`/myPin`',
  ],
])('%o is refused: %j', async (params, msg) => {
  await using bbp = await startBbp();
  expect(await bbp.ask('request', { ...wanted, ...params })).toEqual({ status: 'error', msg });
});

const disabled = '❌ The recipient has disabled payment requests.';
const sent = 'Your payment request has been sent successfully!';

test.each([
  [false, disabled],
  ['0', disabled],
  ['false', sent],
  [true, sent],
  [null, sent],
])('who asks a user whose acceptRequest is %j is told: %s', async (acceptRequest, msg) => {
  await using bbp = await startBbp();
  await bbp.ask('update-settings', { userId: payer.id, pin: payer.pin, acceptRequest });
  expect(await bbp.ask('request', wanted)).toMatchObject({ msg });
});

test.each([
  [{}, '❌ Missing required parameter: requestId.'],
  [{ requestId: 'x' }, '❌ Invalid or expired request ID.'],
])('request-status of %o: %s', async (params, msg) => {
  await using bbp = await startBbp();
  expect(await bbp.ask('request-status', params)).toEqual({ status: 'error', msg });
});
