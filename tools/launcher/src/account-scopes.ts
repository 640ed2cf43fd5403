import type { Scope } from '@quittance/contracts';

/** What a key may do that is made for an account without more being said: everything in that account. */
export const accountScopes = [
  'invoices:read',
  'invoices:write',
  'webhooks:read',
  'webhooks:write',
  'account:read',
  'account:write',
] as const satisfies readonly Scope[];
