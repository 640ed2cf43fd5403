import { expect } from 'vitest';
import { byRef, only, opened, progressIn, progressOf, receivedIn } from './provider-evidence.ts';
import { type Check, isSigned } from './provider-traits.ts';

/** How money is told of, by looking and by webhook. */
export const paymentChecks = (check: Check): void => {
  check('a payment is seen by find', async (subject) => {
    const ref = await opened(subject);
    await subject.pay(ref);
    subject.later?.();
    expect(receivedIn((await byRef(subject, ref)).observations)).toBe(2050);
  });

  check(
    'a payment is seen by webhook, as the same money',
    async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const received = await Promise.all(
        (await subject.webhooks(ref)).map((webhook) => subject.provider.receive(webhook)),
      );
      expect(receivedIn(received.flatMap(({ observations }) => observations))).toBe(2050);
      expect(received.flatMap(({ hints }) => hints)).toEqual([]);
    },
    isSigned,
  );

  check(
    'a webhook that proves nothing is a reason to look, and no evidence',
    async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const webhooks = await subject.webhooks(ref);
      expect(webhooks.length).toBeGreaterThan(0);
      for (const webhook of webhooks) {
        const received = await subject.provider.receive(webhook);
        expect(received).toMatchObject({ observations: [], hints: [{ ref }] });
        expect(received.reply.status).toBe(200);
        expect(await subject.provider.receive(webhook)).toEqual(received);
        const { observations } = await byRef(subject, ref, webhook.body);
        expect(receivedIn(observations)).toBe(2050);
      }
    },
    (traits) => !isSigned(traits),
  );

  check(
    'a hint about what is not paid pays nothing',
    async (subject) => {
      const [paid, open] = [await opened(subject, 1), await opened(subject, 2)];
      await subject.pay(paid);
      for (const { body } of await subject.webhooks(paid)) {
        const forged = body.replaceAll(paid, open);
        expect(forged).not.toBe(body);
        const { observations } = await byRef(subject, open, forged);
        expect(progressOf(only(observations))).toEqual(['awaiting']);
        expect(receivedIn(observations)).toBe(0);
      }
    },
    (traits) => !isSigned(traits),
  );

  check('a webhook that is none is refused', async ({ provider, webhookToken }, traits) => {
    const token = webhookToken !== undefined && { token: webhookToken };
    const code = isSigned(traits) ? 'unauthenticated' : 'invalid_request';
    for (const body of ['', 'no JSON', '{}', '[]', 'null']) {
      await expect(provider.receive({ headers: {}, body, ...token })).rejects.toMatchObject({
        code,
      });
    }
  });

  check(
    'a failed attempt leaves it payable and says why',
    async (subject) => {
      const ref = await opened(subject);
      await subject.decline?.(ref);
      expect(progressIn(only((await byRef(subject, ref)).observations))).toEqual([
        { kind: 'progress', state: 'attempt_failed', reason: expect.stringMatching(/declined/i) },
      ]);
    },
    ({ canDecline }) => canDecline,
  );

  check(
    'a webhook is evidence with an id of its own; twice it is the same',
    async (subject) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const ids: string[] = [];
      for (const webhook of await subject.webhooks(ref)) {
        const first = await subject.provider.receive(webhook);
        expect(await subject.provider.receive(webhook)).toEqual(first);
        expect(first.reply.status).toBe(200);
        ids.push(...first.observations.map(({ evidenceId }) => evidenceId));
      }
      expect(ids.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
    },
    isSigned,
  );

  check(
    'a webhook that was tampered with is refused',
    async (subject, { has }) => {
      const ref = await opened(subject);
      await subject.pay(ref);
      const webhook = (await subject.webhooks(ref)).at(-1);
      if (!webhook) throw new Error('Expected a webhook');
      const forged = { ...webhook, body: webhook.body.replaceAll('2050', '2051') };
      expect(forged.body).not.toBe(webhook.body);
      const unsigned = { ...webhook, headers: {} };
      for (const one of has('signed_bodies') ? [forged, unsigned] : [unsigned]) {
        await expect(subject.provider.receive(one)).rejects.toMatchObject({
          code: 'unauthenticated',
        });
      }
    },
    isSigned,
  );
};
