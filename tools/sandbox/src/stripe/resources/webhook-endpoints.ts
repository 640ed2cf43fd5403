import type { Stripe } from 'stripe';
import type { z } from 'zod';
import { invalidRequest, resourceMissing } from '../api/errors.ts';
import { newId, randomText } from '../api/ids.ts';
import { listPage } from '../api/list.ts';
import { mergeMetadata } from '../api/metadata.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';
import type { Call } from '../call.ts';
import type { StoredEndpoint, StripeState } from '../state.ts';

const url = param.text.superRefine((value, context) => {
  if (URL.canParse(value) && /^https?:/.test(value)) return;
  context.addIssue({
    code: 'custom',
    message: 'Invalid URL: An explicit scheme (such as https) must be provided.',
    params: { code: 'url_invalid' },
  });
});

const enabledEvents = param.list(param.text);

const createShape = {
  api_version: param.text.optional(),
  connect: param.ignored,
  description: param.clearable(param.text).optional(),
  enabled_events: enabledEvents,
  metadata: param.metadata.optional(),
  url,
} satisfies Record<Exclude<keyof Stripe.WebhookEndpointCreateParams, 'expand'>, z.ZodType>;

const updateShape = {
  description: createShape.description,
  disabled: param.boolean.optional(),
  enabled_events: enabledEvents.optional(),
  metadata: createShape.metadata,
  url: url.optional(),
} satisfies Record<Exclude<keyof Stripe.WebhookEndpointUpdateParams, 'expand'>, z.ZodType>;

/** An endpoint without its secret, which only the answer of its creation shows. */
const withoutSecret = ({ secret: _secret, ...endpoint }: StoredEndpoint): Stripe.WebhookEndpoint =>
  endpoint;

const find = (call: Call, id: string): StoredEndpoint => {
  const endpoint = call.state.webhookEndpoints.get(id);
  if (endpoint === undefined) throw resourceMissing('webhook endpoint', id);
  return endpoint;
};

const checkEvents = (events: readonly string[] | undefined): void => {
  if (events === undefined || events.length > 0) return;
  throw invalidRequest('You must specify at least one event.', { param: 'enabled_events' });
};

const create = (
  call: Call,
  params: z.infer<z.ZodObject<typeof createShape>>,
): Stripe.WebhookEndpoint => {
  checkEvents(params.enabled_events);
  const endpoint: StoredEndpoint = {
    id: newId('we'),
    object: 'webhook_endpoint',
    api_version: params.api_version ?? null,
    application: null,
    created: call.now,
    description: params.description ?? null,
    enabled_events: params.enabled_events,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    secret: `whsec_${randomText(32)}`,
    status: 'enabled',
    url: params.url,
  };
  call.state.webhookEndpoints.put(endpoint.id, endpoint);
  return endpoint;
};

const update = (
  call: Call,
  params: z.infer<z.ZodObject<typeof updateShape>>,
  id: string,
): Stripe.WebhookEndpoint => {
  checkEvents(params.enabled_events);
  const before = find(call, id);
  const endpoint: StoredEndpoint = {
    ...before,
    description: params.description === undefined ? before.description : params.description,
    enabled_events: params.enabled_events ?? before.enabled_events,
    metadata: mergeMetadata(before.metadata, params.metadata),
    status:
      params.disabled === undefined ? before.status : params.disabled ? 'disabled' : 'enabled',
    url: params.url ?? before.url,
  };
  call.state.webhookEndpoints.put(id, endpoint);
  return withoutSecret(endpoint);
};

/** The endpoint of this URL with this secret, listening to everything: made, or changed to be so. */
export const ensureWebhookEndpoint = (
  state: StripeState,
  { url: wantedUrl, secret, now }: { url: string; secret: string; now: number },
): Stripe.WebhookEndpoint => {
  const known = state.webhookEndpoints.newestFirst().find((endpoint) => endpoint.url === wantedUrl);
  const endpoint: StoredEndpoint = {
    id: newId('we'),
    object: 'webhook_endpoint',
    api_version: null,
    application: null,
    created: now,
    description: null,
    livemode: false,
    metadata: {},
    url: wantedUrl,
    ...known,
    enabled_events: ['*'],
    secret,
    status: 'enabled',
  };
  state.webhookEndpoints.put(endpoint.id, endpoint);
  return withoutSecret(endpoint);
};

export const webhookEndpointRoutes = [
  route('POST', '/v1/webhook_endpoints', createShape, create),
  route('GET', '/v1/webhook_endpoints', param.paging, (call, paging) =>
    listPage(
      '/v1/webhook_endpoints',
      call.state.webhookEndpoints.newestFirst().map(withoutSecret),
      paging,
    ),
  ),
  route('GET', '/v1/webhook_endpoints/:id', {}, (call, _, id) => withoutSecret(find(call, id))),
  route('POST', '/v1/webhook_endpoints/:id', updateShape, update),
  route('DELETE', '/v1/webhook_endpoints/:id', {}, (call, _, id) => {
    find(call, id);
    call.state.webhookEndpoints.delete(id);
    return { id, object: 'webhook_endpoint', deleted: true };
  }),
];
