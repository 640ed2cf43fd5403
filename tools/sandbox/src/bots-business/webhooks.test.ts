import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from '../testing/eventually.ts';
import { createManualTime, type ManualTime } from '../testing/manual-time.ts';
import { startReceiver, type Receiver } from '../testing/start-receiver.ts';
import { payer, seller, startBbp, type StartedBbp } from './bbp-under-test.ts';

interface Run extends AsyncDisposable {
  bbp: StartedBbp;
  time: ManualTime;
  shop: Receiver;
  customer: Receiver;
}

const date = '2026-01-01T00:00:00.000Z';

/** Both users have a webhook, each at a server of its own. */
const startRun = async (time = createManualTime()): Promise<Run> => {
  const [shop, customer] = [await startReceiver(), await startReceiver()];
  const bbp = await startBbp(time);
  await bbp.putUser(seller.id, { pin: seller.pin, webhook: shop.url });
  await bbp.putUser(payer.id, { pin: payer.pin, balance: 1_000, webhook: customer.url });
  return {
    bbp,
    time,
    shop,
    customer,
    [Symbol.asyncDispose]: async () => {
      await bbp.started.close();
      await Promise.all([shop.close(), customer.close()]);
    },
  };
};

const bodies = ({ received }: Receiver): unknown[] =>
  received.map(({ body }): unknown => JSON.parse(body));

const pay = ({ bbp }: Run, invoiceId: string, by: 'chat' | 'qr'): Promise<Response> =>
  bbp.control('POST', `/invoices/${invoiceId}/pay`, { userId: payer.id, by });

test('paid in the chat: with the invoice id, and the amount as a number', async () => {
  await using run = await startRun();
  const invoiceId = await run.bbp.invoice({ amount: '10', userId: String(seller.id) });
  await pay(run, invoiceId, 'chat');
  await Promise.all([run.shop.arrived(1), run.customer.arrived(1)]);
  const told = { amount: 10, type: 'invoice payment', date, description: 'Payment for test' };
  expect(bodies(run.shop)).toEqual([
    { ...told, userId: '7378059553', direction: 'credit', invoiceId },
  ]);
  expect(bodies(run.customer)).toEqual([
    { ...told, userId: payer.id, direction: 'debit', invoiceId },
  ]);
});

test.each(['qr', 'API'] as const)(
  'paid by %s: other names, no invoice id, and the amount as it was sent',
  async (by) => {
    await using run = await startRun();
    const invoiceId = await run.bbp.invoice({ amount: '10' });
    if (by === 'qr') await pay(run, invoiceId, by);
    else await run.bbp.ask('send', { fromUser: payer.id, pin: payer.pin, invoiceId });
    await Promise.all([run.shop.arrived(1), run.customer.arrived(1)]);
    const told = { amount: '10', transaction_type: 'online pay', note: 'Payment for test', date };
    expect(bodies(run.shop)).toEqual([{ ...told, user: seller.id, direction: 'credit' }]);
    expect(bodies(run.customer)).toEqual([{ ...told, user: payer.id, direction: 'debit' }]);
  },
);

test('a request that is paid: a third shape', async () => {
  await using run = await startRun();
  const made = await run.bbp.post('request', {
    userId: payer.id,
    requesterId: seller.id,
    pin: seller.pin,
    amount: '7',
    note: 'Lunch',
  });
  const requestId = /"requestId":"(\w+)"/.exec(await made.text())?.[1] ?? '';
  await run.bbp.control('POST', `/requests/${requestId}/pay`, { userId: payer.id });
  await Promise.all([run.shop.arrived(1), run.customer.arrived(1)]);
  const told = { amount: 7, type: 'request payment', date, description: 'Lunch' };
  const sides = { fromUser: payer.id, toUser: seller.id };
  expect(bodies(run.shop)).toEqual([{ ...told, ...sides, direction: 'credit' }]);
  expect(bodies(run.customer)).toEqual([{ ...told, ...sides, direction: 'debit' }]);
});

const Told = z.object({ amount: z.number() });

/** Whatever was left to send has arrived by the time that a later payment's webhook has. */
const afterAnother = async (run: Run, expected: number): Promise<unknown[]> => {
  await pay(run, await run.bbp.invoice({ amount: 99 }), 'chat');
  await run.shop.arrived(expected);
  return bodies(run.shop).map((body) => Told.parse(body).amount);
};

test('is sent once, without signature, and not again when it is refused', async () => {
  const time = createManualTime();
  let timers = 0;
  const after: ManualTime['scheduler']['after'] = (delayMs, task) => {
    timers += 1;
    const cancel = time.scheduler.after(delayMs, task);
    return () => {
      timers -= 1;
      cancel();
    };
  };
  await using run = await startRun({ ...time, scheduler: { after } });
  run.shop.answerWith(() => 500);
  await pay(run, await run.bbp.invoice(), 'chat');
  await Promise.all([run.shop.arrived(1), run.customer.arrived(1)]);
  // Each attempt has a timer until it has ended; another one would wait for a retry, for ever.
  await eventually(() => timers === 0);
  expect(await afterAnother(run, 2)).toEqual([10, 99]);
  expect(run.shop.received[0]?.signature).toBe('undefined');
});

test('nobody is told of a payment that was refused', async () => {
  await using run = await startRun();
  expect((await pay(run, await run.bbp.invoice({ amount: 5_000 }), 'chat')).status).toBe(400);
  expect(await afterAnother(run, 1)).toEqual([99]);
});

const credit = 'bots_business.invoice_payment.credit';

const withFault = async (fault: string): Promise<Run> => {
  const run = await startRun();
  await run.bbp.started.putFaults({ script: [{ fault, match: credit }] });
  await pay(run, await run.bbp.invoice(), 'chat');
  return run;
};

test('webhook_duplicate sends twice', async () => {
  await using run = await withFault('webhook_duplicate');
  await run.shop.arrived(2);
  expect(run.shop.received[0]?.body).toBe(run.shop.received[1]?.body);
  expect(await afterAnother(run, 3)).toEqual([10, 10, 99]);
});

test('webhook_drop sends never', async () => {
  await using run = await withFault('webhook_drop');
  await run.customer.arrived(1);
  expect(await afterAnother(run, 1)).toEqual([99]);
});

test('webhook_delay sends later', async () => {
  await using run = await withFault('webhook_delay');
  await run.time.waitingFor(2_000);
  expect(await afterAnother(run, 1)).toEqual([99]);
  run.time.advance(2_000);
  await run.shop.arrived(2);
  expect(bodies(run.shop)[1]).toMatchObject({ amount: 10 });
});

test('webhook_reorder sends after the next one to the same URL', async () => {
  await using run = await withFault('webhook_reorder');
  await run.time.waitingFor(2_000);
  expect(await afterAnother(run, 2)).toEqual([99, 10]);
});

test('webhook_bad_signature spoils nothing, where nothing is signed', async () => {
  await using run = await withFault('webhook_bad_signature');
  await run.shop.arrived(1);
  expect(bodies(run.shop)).toMatchObject([{ amount: 10, direction: 'credit' }]);
});

test('what waits is lost when the process ends', async () => {
  const run = await withFault('webhook_delay');
  await Promise.all([run.time.waitingFor(2_000), run.customer.arrived(1)]);
  await run.bbp.started.close();
  run.time.advance(2_000);
  expect(run.shop.received).toEqual([]);
  await Promise.all([run.shop.close(), run.customer.close()]);
});
