import type { EndpointOfCaller, TestedEndpoint } from '@quittance/contracts';
import { testMessage } from '@quittance/contracts/webhooks';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';
import { formatOf } from './audience.ts';
import { readEndpointOfAccount, readHeaders } from './endpoint-rows.ts';
import { logAttempt } from './log-attempt.ts';
import { sendAttempt } from './send-attempt.ts';
import { readSigningSecrets } from './signing-secrets.ts';

/**
 * Sends an endpoint, disabled or not, a ping and says what came of it. Nothing is stored and nothing follows from it.
 * The ping is the same in every format: Bitsby's has no word but that an invoice was paid, and a signed word of money
 * that never came must not be sent to anybody.
 */
export const testEndpoint = async (
  deps: Deps,
  { caller, id }: EndpointOfCaller,
): Promise<TestedEndpoint> => {
  const { read } = deps.store;
  const row = await readEndpointOfAccount(read, { id, accountId: caller.accountId });
  const now = deps.clock();
  const webhookId = `test_${newPublicId(now)}`;
  const sent = await sendAttempt(deps.sender, {
    url: row.url,
    webhookId,
    body: testMessage({ endpoint: { id, url: row.url }, at: new Date(now) }),
    format: formatOf(row),
    secrets: await readSigningSecrets(read, deps, row.id, now),
    headers: readHeaders(deps, row),
  });
  logAttempt(deps, { deliveryId: null, endpointId: id, webhookId, attempt: 1, sent });
  const { retryAfterMs: _, ...attempt } = sent;
  return { webhookId, attempt: { attemptedAt: new Date(now).toISOString(), ...attempt } };
};
