import type { KyselyPlugin, RootOperationNode } from 'kysely';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { createApp } from '../app.ts';
import { silentLogger } from '@quittance/runtime';
import type { CreateInvoice } from '@quittance/contracts';

/** The SQL of every query that a create runs. */
const queriesOf = async (core: CoreUnderTest, request: CreateInvoice): Promise<string[]> => {
  const { store, providers, clock, encryptionKey } = core;
  const nodes: RootOperationNode[] = [];
  const recorder: KyselyPlugin = {
    transformQuery: ({ node }) => {
      nodes.push(node);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const app = createApp({
    store: {
      ...store,
      read: store.read.withPlugin(recorder),
      write: (unit) => store.write((tx) => unit(tx.withPlugin(recorder))),
    },
    providers,
    sandbox: true,
    encryptionKey,
    webhookNetworks: [],
    clock: clock.now,
    log: silentLogger,
  });
  await app.core.invoices.create(request);
  const executor = store.read.getExecutor();
  return nodes.map((node) => executor.compileQuery(node, { queryId: 'recorded' }).sql);
};

const isForProjectsOrPace = (query: string): boolean =>
  /"projects"|"project_providers"|"lanes"|count\(/.test(query);

test('a create for no project, at a provider without a pace, asks nothing for either', async () => {
  await using core = await openCore();
  const project = await core.addProject();
  const queries = await queriesOf(core, core.invoice());
  expect(queries.length).toBeGreaterThan(5);
  expect(queries.filter(isForProjectsOrPace)).toEqual([]);
  const withProject = await queriesOf(core, core.invoice({ projectId: project.id }));
  expect(withProject.filter(isForProjectsOrPace)).not.toEqual([]);
});

test('one at a provider with a pace counts who waits once', async () => {
  await using core = await openCore({}, { pace: { everyMs: 1100, patienceMs: 15_000 } });
  const project = await core.addProject();
  const queries = await queriesOf(core, core.bitsbyInvoice(project));
  expect(queries.filter((query) => query.includes('count('))).toHaveLength(1);
});
