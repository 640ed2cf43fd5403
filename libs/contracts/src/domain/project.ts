import { z } from 'zod';
import { ProviderName } from './provider.ts';
import { StorableText } from './text.ts';

export const ProjectId = z.uuid();

/** A project at a provider. */
export const ProjectAtProvider = z.object({
  provider: ProviderName,
  /** The provider's id of it. */
  ref: StorableText.min(1).max(255),
});
export type ProjectAtProvider = z.infer<typeof ProjectAtProvider>;

/** A shop of an account. */
export const Project = z.object({
  id: ProjectId,
  accountId: z.int().positive(),
  name: StorableText.min(1).max(255),
  providers: z.array(
    ProjectAtProvider.extend({
      /** The last part of the URL that the provider sends its webhooks to, which nobody can guess. */
      webhookToken: z.string(),
    }),
  ),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Project = z.infer<typeof Project>;
