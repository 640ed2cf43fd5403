import { expect, test } from 'vitest';
import { createManualTime } from '../../testing/manual-time.ts';
import { startSandbox, type StartedSandbox } from '../../testing/start-sandbox.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';

const start = Date.UTC(2026, 0, 1, 12);
/** The end of the eighth day after. */
const due = Date.UTC(2026, 0, 9, 23, 59, 59);

const disputed = async ({ stripe }: StartedSandbox, method: string): Promise<string> => {
  await stripe.paymentIntents.create({
    amount: 2100,
    currency: 'usd',
    confirm: true,
    payment_method: method,
  });
  return (await stripe.disputes.list()).data[0]?.id ?? '';
};

test('an unanswered dispute is lost, and an inquiry closed, once due_by has passed', async () => {
  const time = createManualTime(start);
  await using started = await startSandbox(time);
  const { disputes, events } = started.stripe;
  const dispute = await disputed(started, 'pm_card_createDispute');
  const inquiry = await disputed(started, 'pm_card_createDisputeInquiry');
  const answered = await disputed(started, 'pm_card_createDispute');
  await disputes.update(answered, { evidence: { uncategorized_text: 'We delivered.' } });
  expect((await disputes.retrieve(dispute)).evidence_details.due_by).toBe(due / 1_000);

  time.advance(due + 999 - start);
  expect((await disputes.retrieve(dispute)).status).toBe('needs_response');
  time.advance(1);
  expect((await disputes.retrieve(dispute)).status).toBe('lost');
  expect((await disputes.retrieve(inquiry)).status).toBe('warning_closed');
  expect((await disputes.retrieve(answered)).status).toBe('under_review');
  const closed = (await events.list({ type: 'charge.dispute.closed' })).data;
  expect(closed.map(({ created }) => created)).toEqual([due / 1_000 + 1, due / 1_000 + 1]);
});

test('the sandbox clock brings the deadline nearer', async () => {
  await using started = await startSandbox(createManualTime(start));
  const dispute = await disputed(started, 'pm_card_createDispute');
  await started.call('POST', '/_sandbox/clock', {
    body: JSON.stringify({ advance_ms: 30 * 86_400_000 }),
  });
  expect((await started.stripe.disputes.retrieve(dispute)).status).toBe('lost');
});

test('a deadline that passes while the sandbox is down is not forgotten', async () => {
  using folder = temporaryFolder();
  const env = { DATA_DIR: folder.path };
  const time = createManualTime(start);
  const first = await startSandbox({ ...time, env });
  const dispute = await disputed(first, 'pm_card_createDispute');
  await first.close();
  time.advance(due + 2_000 - start);
  await using second = await startSandbox({ ...time, env });
  time.advance(0);
  expect((await second.stripe.disputes.retrieve(dispute)).status).toBe('lost');
});
