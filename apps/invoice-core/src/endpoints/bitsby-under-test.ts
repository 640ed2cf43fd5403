import type { CreateInvoice, Invoice, Project } from '@quittance/contracts';
import { BitsbyMessage } from '@quittance/contracts/webhooks';
import { parseJson } from '@quittance/rpc';
import type { CoreUnderTest } from '../core-under-test.ts';
import { openSending, type SendingUnderTest } from './sending-under-test.ts';

export const createBitsby = (
  core: CoreUnderTest,
  project: Project,
  change: Partial<CreateInvoice> = {},
): Promise<Invoice> => core.app.core.invoices.create(core.bitsbyInvoice(project, change));

/** Has Bitsby tell us of what it said last about an invoice, and looks: nothing that it says is taken for true. */
export const hearOf = async (
  { bitsby, app }: CoreUnderTest,
  project: Project,
  ref: string,
): Promise<void> => {
  const webhook = (await bitsby.webhooks(ref)).at(-1);
  if (!webhook) return;
  const token = project.providers[0]?.webhookToken ?? null;
  await app.core.webhooks.receive({ provider: 'bitsby', token, webhook });
  await app.work();
};

/** Pays an invoice of Bitsby, and has us hear of it. */
export const payBitsby = async (
  core: CoreUnderTest,
  project: Project,
  { ref = 'hint_1', value }: { ref?: string; value?: number } = {},
): Promise<void> => {
  await core.bitsby.pay(ref, value === undefined ? {} : { value });
  await hearOf(core, project, ref);
};

export const readBitsby = (body: string | undefined): BitsbyMessage =>
  BitsbyMessage.parse(parseJson(body ?? ''));

/** A shop that is told as Bitsby would tell it. */
export const openShop = async (change: Parameters<SendingUnderTest['listen']>[1] = {}) => {
  const it = await openSending();
  const project = await it.addProject();
  const terms = { projectId: project.id, format: 'bitsby', retries: 'bitsby' } as const;
  const { endpoint } = await it.listen('/shop', { ...terms, ...change });
  return { it, project, endpoint };
};
