import { z } from 'zod';
import { apiKey } from '../api/authentication.ts';
import { refused } from '../api/errors.ts';
import type { Call, Work } from '../call.ts';
import { commissionPayers, type Project } from '../state.ts';
import { openAccount } from './open-account.ts';

/** The body of `PUT /_sandbox/bitsby/projects/:id`. Bitsby has no API for projects: they are made in its panel. */
export const ProjectBody = z.strictObject({
  apiKey,
  name: z.string().min(1, 'must not be empty'),
  webhookUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).nullable(),
  commissionPayer: z.enum(commissionPayers),
});

/** Makes the project, or changes it to be so. @throws BitsbyError when it belongs to another account */
export const putProject = (
  { state }: Work,
  id: string,
  body: z.infer<typeof ProjectBody>,
): Project => {
  const known = state.projects.get(id);
  if (known !== undefined && known.apiKey !== body.apiKey) {
    throw refused('id is the project of another account');
  }
  openAccount(state, body.apiKey);
  const project = { id, ...body };
  state.projects.put(id, project);
  return project;
};

/** @throws BitsbyError when this account has no such project */
export const findProject = ({ state, apiKey: caller }: Call, id: string): Project => {
  const project = state.projects.get(id);
  if (project?.apiKey !== caller) throw refused('projectId: project not found');
  return project;
};
