import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand, startCommand } from './cli-under-test.ts';
import { type HubUnderTest, openHub } from './hub-under-test.ts';
import { openKillableSandbox } from './killable-sandbox-under-test.ts';
import { freePort } from './free-port.ts';
import { openReceiver, type WebhookReceiver } from './webhook-receiver-under-test.ts';
import { type Ask, askOf, newInvoice } from './webhooks-under-test.ts';

const waiting = { timeout: 20_000, interval: 20 };

let hub: HubUnderTest;
let ask: Ask;
beforeAll(async () => {
  hub = await openHub('in one process');
  ask = askOf(hub);
}, 30_000);
afterAll(() => hub[Symbol.asyncDispose]());

const secretIn = (notes: string): string => /whsec_\S+/.exec(notes)?.[0] ?? '';

const positionsOf = ({ received }: WebhookReceiver): number[] =>
  received.map(({ id }) => Number(id.replace('evt_', '')));

describe('quittance listen', { timeout: 60_000 }, () => {
  test('posts each event, signed with the secret it shows, and ends cleanly on Ctrl-C', async () => {
    await using receiver = await openReceiver();
    await using listening = startCommand(hub, ['listen', '--forward', receiver.url]);
    await listening.noted('Press Ctrl-C');
    receiver.secrets.push(secretIn(listening.notes()));
    const { out: id } = await runCommand(hub, 'trigger', 'invoice.paid');
    const { event } = await receiver.told('invoice.paid');
    expect(event).toMatchObject({ data: { seq: 3, invoice: { id: id.trim(), status: 'paid' } } });
    await expect.poll(listening.out, waiting).toContain('invoice.paid');
    listening.signal('SIGINT');
    expect(await listening.ended).toBe(0);
    const lines = listening.out().trim().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/invoice\.\w+ +[0-9a-f]{24} #\d {2}-> 200 in/);
    expect(listening.notes()).toContain(`go on with --after ${positionsOf(receiver).at(-1)}`);
    expect(receiver.problems).toEqual([]);
  });

  test('forwards only the chosen events, and shows an answer that is no 2xx', async () => {
    await using receiver = await openReceiver();
    receiver.answerWith(() => ({ status: 500 }));
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    receiver.secrets.push(secret);
    const url = receiver.url.replace('http://', '');
    const options = ['--secret', secret, '--events', 'invoice.refunded,invoice.paid'];
    await using listening = startCommand(hub, ['listen', '--forward', url, ...options]);
    await listening.noted('Press Ctrl-C');
    await runCommand(hub, 'trigger', 'invoice.refunded');
    await expect.poll(listening.out, waiting).toMatch(/invoice\.refunded.*-> 500/);
    expect(receiver.received.map(({ event }) => event.type)).toEqual([
      'invoice.paid',
      'invoice.refunded',
    ]);
    expect(receiver.problems).toEqual([]);
  });

  test('waits for a receiver that is down, and passes nothing over', async () => {
    const port = await freePort();
    await using listening = startCommand(hub, ['listen', '--forward', `localhost:${port}/hook`]);
    await listening.noted('Press Ctrl-C');
    await newInvoice(ask);
    await newInvoice(ask);
    await listening.noted('is down');
    await using receiver = await openReceiver({ port });
    receiver.secrets.push(secretIn(listening.notes()));
    await expect.poll(() => positionsOf(receiver).length, waiting).toBe(4);
    const [first = 0] = positionsOf(receiver);
    expect(positionsOf(receiver)).toEqual([first, first + 1, first + 2, first + 3]);
    expect(receiver.problems).toEqual([]);
  });

  test('waits for a hub that was killed, and goes on where it was', async () => {
    await using mortal = await openKillableSandbox();
    await mortal.start();
    await newInvoice(askOf(mortal));
    await using receiver = await openReceiver();
    const options = ['--forward', receiver.url, '--from-start'];
    await using listening = startCommand(mortal, ['listen', ...options]);
    await listening.noted('Press Ctrl-C');
    receiver.secrets.push(secretIn(listening.notes()));
    await expect.poll(() => positionsOf(receiver), waiting).toEqual([1, 2]);
    await mortal.kill();
    await listening.noted('does not answer');
    await mortal.start();
    await newInvoice(askOf(mortal));
    await expect.poll(() => positionsOf(receiver), waiting).toEqual([1, 2, 3, 4]);
    listening.signal('SIGTERM');
    expect(await listening.ended).toBe(0);
    expect(receiver.problems).toEqual([]);
  });

  test('begins after a position, and ends with 1 when its key is revoked', async () => {
    const { secret: key, revoke } = await hub.newKey(['invoices:read']);
    await newInvoice(ask);
    await using receiver = await openReceiver();
    const options = ['--after', '1', '--api-key', key];
    await using listening = startCommand(hub, ['listen', '--forward', receiver.url, ...options]);
    await listening.noted('Press Ctrl-C');
    receiver.secrets.push(secretIn(listening.notes()));
    await expect.poll(() => positionsOf(receiver)[0], waiting).toBe(2);
    await revoke();
    expect(await listening.ended).toBe(1);
    expect(listening.notes()).toMatch(/error: .*\(401, req_/);
  });
});
