import {
  type CreateProject,
  type Project,
  type ProjectAtProvider,
  ProjectId,
  type ProjectOfCaller,
  type UpdateProject,
} from '@quittance/contracts';
import type {
  CanonicalProject,
  CanonicalProjectCreate,
  CanonicalProjectUpdate,
} from '@quittance/contracts/canonical';
import { DomainError } from '@quittance/rpc';

/** In any case. @throws DomainError `not_found` for what can be no id of ours */
export const toProjectId = (text: string): string => {
  if (ProjectId.safeParse(text).success) return text.toLowerCase();
  throw new DomainError('not_found', `No project ${text}`);
};

const toProviders = (bitsby: CanonicalProjectCreate['bitsby']): ProjectAtProvider[] =>
  bitsby ? [{ provider: 'bitsby', ref: bitsby.projectId }] : [];

export const toCreateProject = (
  { name, bitsby }: CanonicalProjectCreate,
  context: Pick<CreateProject, 'caller' | 'idempotencyKey'>,
): CreateProject => ({ ...context, name, providers: toProviders(bitsby) });

export const toUpdateProject = (
  { name, bitsby }: CanonicalProjectUpdate,
  context: ProjectOfCaller,
): UpdateProject => ({
  ...context,
  ...(name !== undefined && { name }),
  ...(bitsby !== undefined && { providers: toProviders(bitsby) }),
});

export const toCanonicalProject = ({
  id,
  name,
  providers,
  createdAt,
  updatedAt,
}: Project): CanonicalProject => {
  const bitsby = providers.find(({ provider }) => provider === 'bitsby');
  return {
    id,
    name,
    bitsby: bitsby
      ? { projectId: bitsby.ref, webhookPath: `/webhooks/bitsby/${bitsby.webhookToken}` }
      : null,
    createdAt,
    updatedAt,
  };
};
