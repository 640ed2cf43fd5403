import { account } from '../account.ts';
import { StripeError } from '../api/errors.ts';
import { route } from '../api/route.ts';

export const accountRoutes = [
  route('GET', '/v1/account', {}, () => account),
  route('GET', '/v1/accounts/:id', {}, (_call, _params, id) => {
    if (id === account.id) return account;
    throw new StripeError(403, {
      type: 'invalid_request_error',
      code: 'account_invalid',
      message: `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`,
    });
  }),
];
