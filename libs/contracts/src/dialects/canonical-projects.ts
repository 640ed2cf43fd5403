import { z } from 'zod';
import { Project } from '../domain/project.ts';
import { notAnObject, text, Uuid } from './fields.ts';

const AtBitsby = z.strictObject(
  /** Bitsby's own id of the project. */
  { projectId: Uuid },
  { error: notAnObject('must be an object with projectId') },
);

const bodyError = { error: notAnObject('The body must be a JSON object') };

/** The body of `POST /v1/projects`. */
export const CanonicalProjectCreate = z.strictObject(
  { name: text(1, 255), bitsby: AtBitsby.nullish() },
  bodyError,
);
export type CanonicalProjectCreate = z.output<typeof CanonicalProjectCreate>;

/** The body of `PATCH /v1/projects/:id`: what is not given stays, what is null is cleared. */
export const CanonicalProjectUpdate = z.strictObject(
  { name: text(1, 255).optional(), bitsby: AtBitsby.nullish() },
  bodyError,
);
export type CanonicalProjectUpdate = z.output<typeof CanonicalProjectUpdate>;

/** A shop of the account. */
export const CanonicalProject = z.object({
  ...Project.pick({ id: true, name: true }).shape,
  /** Null where it is no project at Bitsby. */
  bitsby: z
    .object({
      projectId: z.string(),
      /** Where Bitsby is to send its webhooks, below this hub's public address. Whoever knows it may send there. */
      webhookPath: z.string(),
    })
    .nullable(),
  ...Project.pick({ createdAt: true, updatedAt: true }).shape,
});
export type CanonicalProject = z.infer<typeof CanonicalProject>;

/** All projects of the account. */
export const CanonicalProjects = z.object({ data: z.array(CanonicalProject) });
export type CanonicalProjects = z.infer<typeof CanonicalProjects>;
