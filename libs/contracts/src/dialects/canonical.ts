/** The canonical API below `/v1`: camelCase, amounts integers in minor units, times ISO 8601 in UTC. */
export * from './canonical-answers.ts';
export * from './canonical-create.ts';
export * from './canonical-requests.ts';
