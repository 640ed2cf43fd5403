import type {
  Caller,
  CreateEndpoint,
  Delivery,
  EndpointWithSecret,
  Invoice,
} from '@quittance/contracts';
import { KnownWebhookEvent } from '@quittance/contracts/webhooks';
import { parseJson } from '@quittance/rpc';
import type { CoreUnderTest } from '../core-under-test.ts';

/** Where nobody listens: nothing is sent in tests of what is to be sent. */
export const url = 'http://127.0.0.1:9/hook';

export const endpointOf = (
  { caller }: Pick<CoreUnderTest, 'caller'>,
  change: Partial<CreateEndpoint> = {},
): CreateEndpoint => ({
  caller,
  idempotencyKey: null,
  url,
  description: null,
  eventTypes: null,
  headers: {},
  ordered: false,
  projectId: null,
  format: 'standard',
  retries: 'standard',
  ...change,
});

export const addEndpoint = (
  core: CoreUnderTest,
  change: Partial<CreateEndpoint> = {},
): Promise<EndpointWithSecret> => core.app.core.endpoints.create(endpointOf(core, change));

/** Somebody of another account. */
export const stranger = async ({ app }: CoreUnderTest): Promise<Caller> => {
  const account = await app.core.identities.createAccount({ name: 'Other shop' });
  const user = await app.core.identities.createUser({
    accountId: account.id,
    name: 'Bob',
    email: null,
  });
  return { accountId: account.id, userId: user.id };
};

export const create = (
  core: CoreUnderTest,
  change: Parameters<CoreUnderTest['invoice']>[0] = {},
): Promise<Invoice> => core.app.core.invoices.create(core.invoice(change));

/** Many invoices at once. */
export const createMany = async (core: CoreUnderTest, count: number): Promise<void> => {
  await Promise.all(Array.from({ length: count }, () => create(core)));
};

/** Pays an invoice and has the provider tell us. */
export const pay = async ({ psp, app }: CoreUnderTest, ref = 'mem_1'): Promise<void> => {
  await psp.pay(ref);
  for (const webhook of await psp.webhooks(ref)) {
    await app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
  }
};

/** All deliveries, oldest event first. */
export const deliveriesOf = async (
  { app, caller }: Pick<CoreUnderTest, 'app' | 'caller'>,
  filter: Parameters<CoreUnderTest['app']['core']['deliveries']['list']>[0]['filter'] = {},
): Promise<Delivery[]> => {
  const page = await app.core.deliveries.list({ caller, filter, after: null, limit: 200 });
  return page.deliveries.toSorted((a, b) => a.position - b.position);
};

export const typesOf = (items: readonly { type: string }[]): string[] =>
  items.map(({ type }) => type);

/** The message of an event as receivers read it. */
export const messageAt = async (
  { app, caller }: Pick<CoreUnderTest, 'app' | 'caller'>,
  position: number,
): Promise<KnownWebhookEvent> =>
  KnownWebhookEvent.parse(parseJson((await app.core.events.message({ caller, position })).body));

/** Ends deliveries as though they had been tried. */
export const settleAll = async (
  { store, clock }: CoreUnderTest,
  state: 'succeeded' | 'failed',
): Promise<void> => {
  await store.write(async (tx) => {
    await tx
      .updateTable('deliveries')
      .set({
        state,
        attempts: (eb) => eb('attempts', '+', 10),
        tries: 10,
        next_attempt_at: null,
        settled_at: clock.now(),
      })
      .where('state', '=', 'pending')
      .execute();
    await tx.deleteFrom('jobs').where('kind', '=', 'deliver').execute();
  });
};

/** When each endpoint is seen to next, UTC ms, by its number. */
export const runsOf = async ({ store }: CoreUnderTest): Promise<Record<string, number>> => {
  const jobs = await store.read
    .selectFrom('jobs')
    .select(['key', 'run_at'])
    .where('kind', '=', 'deliver')
    .orderBy('key')
    .execute();
  return Object.fromEntries(jobs.map(({ key, run_at }) => [key, run_at]));
};
