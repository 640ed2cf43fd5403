import { isKeySpent } from './errors.ts';

const maxKeys = 5;

/**
 * Creates something once. A key that is used up would block it for the day that Stripe keeps it; so when `find` shows
 * that nothing was left behind, the next key in line is used: `key`, `key-2`, ...
 */
export const createOnce = async <T>(
  key: string,
  {
    create,
    find,
  }: {
    create: (options: { idempotencyKey: string }) => Promise<T>;
    find: () => Promise<T | undefined>;
  },
  attempt = 1,
): Promise<T> => {
  try {
    return await create({ idempotencyKey: attempt === 1 ? key : `${key}-${attempt}` });
  } catch (error) {
    if (!isKeySpent(error) || attempt === maxKeys) throw error;
    return (await find()) ?? (await createOnce(key, { create, find }, attempt + 1));
  }
};
