import type { Request } from './http-client.ts';

/** Names of Stripe's API have small letters only; an id has a digit or a capital. */
const id = /\/(?!v\d\/)[^/]*[\dA-Z][^/]*/g;

/** What Stripe counts as one endpoint, e.g. `POST /v1/payment_intents/:id/cancel`. */
export const endpointOf = ([, , path, method]: Request): string =>
  `${method} ${path.replace(/\?.*/s, '').replaceAll(id, '/:id')}`;
