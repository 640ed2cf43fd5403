import { openAccount } from '../accounts/open-account.ts';
import { datetime } from '../datetime.ts';
import { cents, centsText } from '../money.ts';
import type { BitsbyState } from '../state.ts';

/** Changes an account's internal balance by so many cents of USD, and says so in its history. */
export const changeBalance = (
  state: BitsbyState,
  { apiKey, by, at, comment }: { apiKey: string; by: bigint; at: number; comment: string },
): void => {
  const account = openAccount(state, apiKey);
  state.accounts.put(apiKey, { ...account, internal: centsText(cents(account.internal) + by) });
  state.history.put(`${state.history.size + 1}`, {
    apiKey,
    datetime: datetime(at),
    // The only value that the documentation shows.
    event: 'other',
    target: 'internal',
    amount: centsText(by),
    comment,
  });
};

/** Sets the internal balance, e.g. as a top-up in the panel would. */
export const setBalance = (
  state: BitsbyState,
  { apiKey, internal, at }: { apiKey: string; internal: string; at: number },
): void => {
  const by = cents(internal) - cents(openAccount(state, apiKey).internal);
  changeBalance(state, { apiKey, by, at, comment: 'Set in the sandbox' });
};
