import { defaultPolicy, type PaymentPolicy } from '@quittance/contracts';
import { expect, test } from 'vitest';
import { openCore } from '../core-under-test.ts';

test('the policy of an account is what was set last, and its own', async () => {
  await using core = await openCore();
  const { identities } = core.app.core;
  const { accountId } = core.caller;
  expect(await identities.policy({ accountId })).toEqual(defaultPolicy);
  const policy: PaymentPolicy = {
    tolerance: { kind: 'percent', basisPoints: 50 },
    topUp: false,
    late: 'flag',
  };
  await identities.setPolicy({ accountId, policy });
  expect(await identities.policy({ accountId })).toEqual(policy);
  const other = await identities.createAccount({ name: 'Other shop' });
  expect(await identities.policy({ accountId: other.id })).toEqual(defaultPolicy);
});

test('no account has none', async () => {
  await using core = await openCore();
  const { identities } = core.app.core;
  const refused = { code: 'not_found', message: 'No such account' };
  await expect(identities.policy({ accountId: 99 })).rejects.toMatchObject(refused);
  const setting = identities.setPolicy({ accountId: 99, policy: defaultPolicy });
  await expect(setting).rejects.toMatchObject(refused);
});
