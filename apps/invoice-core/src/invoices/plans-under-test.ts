import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely';
import { z } from 'zod';
import type { Store } from '../store/store.ts';

const Step = z.object({ detail: z.string() });

/** The plan of every query that something ran. */
export const plansOf = async (
  store: Store,
  run: (store: Pick<Store, 'read'>) => Promise<unknown>,
): Promise<string[]> => {
  const nodes: RootOperationNode[] = [];
  const recorder: KyselyPlugin = {
    transformQuery: ({ node }) => {
      nodes.push(node);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  await run({ read: store.read.withPlugin(recorder) });
  const plans: string[] = [];
  for (const node of nodes) {
    const query = store.read.getExecutor().compileQuery(node, { queryId: 'plan' });
    const explain = CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]);
    const { rows } = await store.read.executeQuery(explain);
    plans.push(...rows.map((row) => Step.parse(row).detail));
  }
  return plans;
};
