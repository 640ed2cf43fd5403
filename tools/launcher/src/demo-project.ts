import { randomUUID } from 'node:crypto';
import type { Caller, InvoiceCore, Project } from '@quittance/contracts';
import { sandboxApiKey } from './bitsby-settings.ts';

const name = 'Demo shop';

type AtProvider = Project['providers'][number];

const atBitsby = ({ providers }: Project): AtProvider | undefined =>
  providers.find(({ provider }) => provider === 'bitsby');

/** The demo user's shop: the known one, whatever somebody has made of it since, or a new one. */
const demoProject = async (
  { projects }: InvoiceCore,
  caller: Caller,
  knownId: string | undefined,
): Promise<Project> => {
  const known = (await projects.list({ caller })).find(({ id }) => id === knownId);
  const providers = [{ provider: 'bitsby' as const, ref: randomUUID() }];
  if (!known) return projects.create({ caller, idempotencyKey: null, name, providers });
  return atBitsby(known) ? known : projects.update({ caller, id: known.id, providers });
};

/** The demo user's shop, which emulated Bitsby knows too and sends its webhooks for. */
export const ensureDemoProject = async (
  core: InvoiceCore,
  caller: Caller,
  {
    knownId,
    gatewayUrl,
    sandboxUrl,
  }: { knownId: string | undefined; gatewayUrl: string; sandboxUrl: string },
): Promise<Project> => {
  const project = await demoProject(core, caller, knownId);
  const at = atBitsby(project);
  if (!at) throw new Error('The demo project is none at Bitsby');
  const { ref, webhookToken } = at;
  const answer = await fetch(`${sandboxUrl}/_sandbox/bitsby/projects/${ref}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      apiKey: sandboxApiKey,
      name: project.name,
      webhookUrl: `${gatewayUrl}/webhooks/bitsby/${webhookToken}`,
      commissionPayer: 'seller',
    }),
  });
  if (!answer.ok)
    throw new Error(`The emulator of Bitsby refused the project: ${await answer.text()}`);
  return project;
};
