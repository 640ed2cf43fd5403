import type { Account, BitsbyState, Wallet } from '../state.ts';
import { newWallets } from './wallets.ts';

const initialBalance = '100.00';

/** The account of an API key, made when it is first heard of. */
export const openAccount = (state: BitsbyState, apiKey: string): Account => {
  const known = state.accounts.get(apiKey);
  if (known !== undefined) return known;
  const account = { apiKey, internal: initialBalance, wallets: newWallets() };
  state.accounts.put(apiKey, account);
  return account;
};

/** A wallet of the account, by its id or its name. */
export const findWallet = (account: Account, idOrName: string): Wallet | undefined =>
  account.wallets.find(({ id, name }) => id === idOrName || name === idOrName);
