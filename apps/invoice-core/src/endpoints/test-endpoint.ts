import type { EndpointOfCaller, TestedEndpoint } from '@quittance/contracts';
import { testMessage } from '@quittance/contracts/webhooks';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';
import { readEndpointOfAccount, readHeaders } from './endpoint-rows.ts';
import { logAttempt } from './log-attempt.ts';
import { sendAttempt } from './send-attempt.ts';
import { readSigningSecrets } from './signing-secrets.ts';

/** Sends an endpoint, disabled or not, a ping and says what came of it. Nothing is stored and nothing follows from it. */
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
    secrets: await readSigningSecrets(read, deps, row.id, now),
    headers: readHeaders(deps, row),
  });
  logAttempt(deps, { deliveryId: null, endpointId: id, webhookId, attempt: 1, sent });
  const { retryAfterMs: _, ...attempt } = sent;
  return { webhookId, attempt: { attemptedAt: new Date(now).toISOString(), ...attempt } };
};
