import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { CoreUnderTest } from '../core-under-test.ts';
import { seal } from './secrets.ts';

/** Endpoints as though made long ago: more than an account may have. @returns the secret that all of them share */
export const makeEndpoints = async (
  { store, encryptionKey, caller }: CoreUnderTest,
  urls: readonly string[],
): Promise<string> => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const sealed = seal({ encryptionKey }, secret);
  const headers = seal({ encryptionKey }, '{}');
  await store.write(async (tx) => {
    for (const [index, url] of urls.entries()) {
      const { id } = await tx
        .insertInto('endpoints')
        .values({
          public_id: `ep_${String(index).padStart(24, '0')}`,
          account_id: caller.accountId,
          url,
          headers,
          header_names: '[]',
          ordered: 0,
          format: 'standard',
          retries: 'standard',
          created_at: 0,
          updated_at: 0,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await tx
        .insertInto('endpoint_secrets')
        .values({ endpoint_id: id, secret: sealed, created_at: 0 })
        .execute();
    }
  });
  return secret;
};

/** So many events that every endpoint is to be sent and has been sent none of, all of them due. */
export const makeBacklog = async (
  { store, caller: { accountId } }: CoreUnderTest,
  { count, now }: { count: number; now: number },
): Promise<void> => {
  const numbers = sql`with recursive numbers (n) as
    (select 1 union all select n + 1 from numbers where n < ${count})`;
  await store.write(async (tx) => {
    await sql`insert into events (position, account_id, type, rule, occurred_at) ${numbers}
      select n, ${accountId}, 'endpoint.disabled', '', ${now} from numbers`.execute(tx);
    await sql`insert into webhook_messages (position, format, body) ${numbers}
      select n, 'standard', '{}' from numbers`.execute(tx);
    await sql`insert into deliveries (public_id, account_id, endpoint_id, position, type, state, attempts, tries,
        next_attempt_at, created_at) ${numbers}
      select printf('del_%012x%012x', id, n), ${accountId}, id, n, 'endpoint.disabled', 'pending', 0, 0, ${now}, ${now}
      from endpoints join numbers`.execute(tx);
  });
};
