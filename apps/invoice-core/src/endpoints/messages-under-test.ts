import type { CoreUnderTest } from '../core-under-test.ts';

export const storedMessages = async ({ store }: CoreUnderTest) =>
  store.read
    .selectFrom('webhook_messages')
    .selectAll()
    .orderBy('position')
    .orderBy('format')
    .execute();

export const forget = async ({ store }: CoreUnderTest): Promise<void> => {
  await store.write(async (tx) => {
    await tx.deleteFrom('webhook_messages').execute();
  });
};

/** Keeps what is to be sent from being sent, which would take long and changes nothing of it. */
export const sendNothing = async ({ store, app, caller }: CoreUnderTest): Promise<void> => {
  for (const { id } of await app.core.endpoints.list({ caller })) {
    await store.write(async (tx) => {
      await tx
        .updateTable('endpoints')
        .set({ throttled_until: Number.MAX_SAFE_INTEGER })
        .where('public_id', '=', id)
        .execute();
    });
  }
};
