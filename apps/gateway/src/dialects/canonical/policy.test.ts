import type { PaymentPolicy } from '@quittance/contracts';
import { CanonicalPolicy, CanonicalProblem } from '@quittance/contracts/canonical';
import { beforeEach, expect, test } from 'vitest';
import { caller, policy } from '../../core-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const { accountId } = caller;

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const put = (body: unknown) =>
  gateway.send('PUT /v1/policy', {
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test("is the account's", async () => {
  const { status, body } = await gateway.send('GET /v1/policy');
  expect([status, body]).toEqual([
    200,
    { tolerance: { kind: 'percent', basisPoints: 50 }, topUp: false, late: 'flag' },
  ]);
  expect(CanonicalPolicy.strict().parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([['identities.policy', { accountId }]]);
});

test.each<PaymentPolicy>([
  { tolerance: { kind: 'absolute', amount: 10 }, topUp: true, late: 'accept' },
  { tolerance: { kind: 'percent', basisPoints: 10_000 }, topUp: false, late: 'flag' },
])('is set to %j, whole', async (next) => {
  const { status, body } = await put(next);
  expect([status, body]).toEqual([200, next]);
  expect(gateway.calls).toEqual([['identities.setPolicy', { accountId, policy: next }]]);
});

test.each<[unknown, string | undefined, string]>([
  [{ ...policy, tolerance: undefined }, 'tolerance', 'must be an object with kind'],
  [{ ...policy, tolerance: 5 }, 'tolerance', 'must be an object with kind'],
  [{ ...policy, tolerance: { kind: 'x' } }, 'tolerance.kind', 'must be one of: absolute, percent'],
  [{ ...policy, tolerance: { kind: 'absolute' } }, 'tolerance.amount', 'must be an integer from 0'],
  [
    { ...policy, tolerance: { kind: 'absolute', amount: -1 } },
    'tolerance.amount',
    'must be an integer from 0',
  ],
  [
    { ...policy, tolerance: { kind: 'percent', basisPoints: 10_001 } },
    'tolerance.basisPoints',
    'must be an integer from 0 to 10000',
  ],
  [
    JSON.stringify(policy).replace('50', '50.000000000000000001'),
    'tolerance.basisPoints',
    'must be an integer from 0 to 10000',
  ],
  [
    { ...policy, tolerance: { kind: 'percent', basisPoints: 1, amount: 1 } },
    'tolerance.amount',
    'is not known here',
  ],
  [{ ...policy, topUp: 'yes' }, 'topUp', 'must be true or false'],
  [{ ...policy, topUp: undefined }, 'topUp', 'must be true or false'],
  [{ ...policy, late: 'refund' }, 'late', 'must be one of: accept, flag'],
  [{ ...policy, early: true }, 'early', 'is not known here'],
  [[policy], undefined, 'must be a JSON object'],
])('%j is refused', async (sent, param, message) => {
  const { status, body } = await put(sent);
  const problem = CanonicalProblem.parse(body);
  expect([status, problem.param]).toEqual([400, param]);
  expect(problem.title).toContain(message);
  expect(gateway.calls).toEqual([]);
});
