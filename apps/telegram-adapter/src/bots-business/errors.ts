import { DomainError } from '@quittance/rpc';
import { refused } from '../errors.ts';

/** Whatever the bot says of a PIN is about the hub's own, and no fault of an invoice; a list of what is missing is one. */
const isAboutPin = (msg: string): boolean => /\bpin\b/i.test(msg) && !/^missing/i.test(msg);

/** What an error of the bot means for what it was asked: a refusal in its words, or that the hub is not let in. */
export const asRefusal = (msg: string): DomainError =>
  isAboutPin(msg)
    ? new DomainError('unavailable', 'The BBP bot does not accept the user id and PIN of this hub')
    : refused(msg);

/** A question that went wrong in any way: nothing happened by asking. */
export const asking = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'outcome_unknown') throw error;
    throw new DomainError('unavailable', error.message, { cause: error });
  }
};
