/** The canonical API below `/v1`: camelCase, amounts integers in minor units, times ISO 8601 in UTC. */
export * from './canonical-answers.ts';
export * from './canonical-create.ts';
export * from './canonical-endpoint-requests.ts';
export * from './canonical-endpoints.ts';
export * from './canonical-invoice.ts';
export * from './canonical-policy.ts';
export * from './canonical-projects.ts';
export * from './canonical-requests.ts';
export * from './provider-data.ts';
