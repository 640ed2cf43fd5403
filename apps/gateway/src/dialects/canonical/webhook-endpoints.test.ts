import { type Endpoint, WebhookEventType } from '@quittance/contracts';
import {
  CanonicalEndpoint,
  CanonicalEndpoints,
  CanonicalEndpointWithSecret,
  CanonicalProblem,
  CanonicalReplayed,
  CanonicalRotatedSecret,
  CanonicalTested,
} from '@quittance/contracts/canonical';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller, oldSecretUntil, secret } from '../../core-under-test.ts';
import { anAttempt, anEndpoint } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { aProject } from '../../project-under-test.ts';
import { toCanonicalEndpoint } from './from-core.ts';

const { id, url } = anEndpoint;
const all = '/v1/webhook-endpoints';
const one = `${all}/${id}`;
const shown = {
  id,
  url: 'https://shop.example/hook',
  description: 'The shop',
  eventTypes: ['invoice.paid', 'endpoint.disabled'],
  headerNames: ['x-shop'],
  ordered: true,
  projectId: '9deea1e2-0c08-41a3-bdc2-a34eada3892d',
  format: 'bitsby',
  retries: 'standard',
  enabled: false,
  disabledReason: 'failing',
  failingSince: '2026-01-04T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-09T00:00:00.000Z',
};

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const patch = (body: unknown) =>
  gateway.send(`PATCH ${one}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('an endpoint is made, with all that it can have, and its secret is in the answer', async () => {
  const terms = {
    url,
    description: 'The shop',
    eventTypes: ['invoice.paid'],
    headers: { 'X-Shop': 'Oslo; no. 1' },
    ordered: true,
    projectId: aProject.id,
    format: 'bitsby',
    retries: 'standard',
  };
  const answer = await gateway.post(all, terms, { 'idempotency-key': 'k' });
  expect([answer.status, answer.headers.get('location')]).toEqual([201, one]);
  expect(CanonicalEndpointWithSecret.strict().parse(answer.body)).toEqual({ ...shown, secret });
  expect(gateway.calls).toEqual([['endpoints.create', { caller, idempotencyKey: 'k', ...terms }]]);
});

test.each([
  { url },
  {
    url,
    description: null,
    eventTypes: null,
    headers: null,
    ordered: null,
    projectId: null,
    format: null,
    retries: null,
  },
  { url, headers: {}, ordered: false },
])('what is left out, or null, is nothing: %j', async (sent) => {
  expect((await gateway.post(all, sent)).status).toBe(201);
  const nothing = { description: null, eventTypes: null, headers: {}, ordered: false };
  const asEver = { projectId: null, format: 'standard', retries: 'standard' };
  expect(gateway.calls).toEqual([
    ['endpoints.create', { caller, idempotencyKey: null, url, ...nothing, ...asEver }],
  ]);
});

test.each([
  [{ format: 'bitsby' }, 'bitsby'],
  [{ format: 'bitsby', retries: 'standard' }, 'standard'],
  [{ format: 'standard' }, 'standard'],
  [{ format: 'standard', retries: 'bitsby' }, 'bitsby'],
  [{ retries: 'bitsby' }, 'bitsby'],
])('an endpoint with %j is tried again as is %s', async (sent, retries) => {
  const projectId = aProject.id.toUpperCase();
  expect((await gateway.post(all, { url, projectId, ...sent })).status).toBe(201);
  expect(gateway.calls).toMatchObject([
    ['endpoints.create', { format: 'standard', ...sent, retries, projectId: aProject.id }],
  ]);
});

test('an endpoint, and all of them, without a secret', async () => {
  const { status, body } = await gateway.send(`GET ${one}`);
  expect([status, body]).toEqual([200, shown]);
  expect(CanonicalEndpoint.strict().parse(body)).toEqual(body);
  const list = await gateway.send(`GET ${all}`);
  expect([list.status, list.body]).toEqual([200, { data: [shown] }]);
  expect(CanonicalEndpoints.strict().parse(list.body)).toEqual(list.body);
  expect(gateway.calls).toEqual([
    ['endpoints.get', { caller, id }],
    ['endpoints.list', { caller }],
  ]);
});

test('one that nobody disabled is enabled', () => {
  const enabled: Endpoint = { ...anEndpoint, disabled: null };
  expect(toCanonicalEndpoint(enabled)).toMatchObject({ enabled: true, disabledReason: null });
});

test.each<[unknown, unknown]>([
  [{}, {}],
  [{ enabled: false }, { enabled: false }],
  [
    { url, ordered: false },
    { url, ordered: false },
  ],
  [
    { description: null, eventTypes: null, headers: null },
    { description: null, eventTypes: null, headers: {} },
  ],
  [{ eventTypes: ['invoice.paid'] }, { eventTypes: ['invoice.paid'] }],
  [{ retries: 'bitsby' }, { retries: 'bitsby' }],
])('%j changes that alone', async (sent, update) => {
  const { status, body } = await patch(sent);
  expect([status, body]).toEqual([200, shown]);
  expect(gateway.calls).toEqual([['endpoints.update', Object.assign({ caller, id }, update)]]);
});

test('a removed endpoint is shown as it was', async () => {
  const { status, body } = await gateway.send(`DELETE ${one}`);
  expect([status, body]).toEqual([200, shown]);
  expect(gateway.calls).toEqual([['endpoints.remove', { caller, id }]]);
});

test('a new secret is shown with how long the old one signs beside it', async () => {
  const { status, body } = await gateway.send(`POST ${one}/rotate-secret`);
  expect([status, body]).toEqual([200, { ...shown, secret, oldSecretUntil }]);
  expect(CanonicalRotatedSecret.strict().parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([['endpoints.rotateSecret', { caller, id }]]);
});

test('a test ping says what came of it', async () => {
  const { status, body } = await gateway.send(`POST ${one}/test`);
  expect([status, body]).toEqual([200, { webhookId: 'test_1', attempt: anAttempt }]);
  expect(CanonicalTested.strict().parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([['endpoints.test', { caller, id }]]);
});

test.each<[unknown, unknown]>([
  [{ failed: true }, { kind: 'failed' }],
  [{ failed: true, since: null, until: null }, { kind: 'failed' }],
  [
    { since: '2026-01-01T01:00:00+01:00', until: '2026-01-02T00:00:00Z' },
    { kind: 'range', since: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z' },
  ],
])('replays %j', async (sent, what) => {
  const { status, body } = await gateway.post(`${one}/replay`, sent);
  expect([status, body]).toEqual([200, { deliveries: 3 }]);
  expect(CanonicalReplayed.strict().parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([['endpoints.replay', { caller, id, what }]]);
});

const since = '2026-01-01T00:00:00Z';
const until = '2026-01-02T00:00:00Z';
const tooMany = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, '']));

describe.each<[string, unknown, string | undefined, string]>([
  ['', {}, 'url', 'must be a string of 1 to 2048'],
  ['', { url: 1 }, 'url', 'must be a string of 1 to 2048'],
  ['', { url: 'shop.example/hook' }, 'url', 'must be an http or https URL'],
  ['', { url: 'ftp://shop.example' }, 'url', 'must be an http or https URL'],
  ['', { url: `https://shop.example/${'x'.repeat(2048)}` }, 'url', 'must be a string of 1 to 2048'],
  ['', { url, description: 'x'.repeat(256) }, 'description', 'must be a string of 0 to 255'],
  ['', { url, description: '\0' }, 'description', 'must be valid Unicode'],
  ['', { url, eventTypes: [] }, 'eventTypes', 'must be a list of 1 to 100 types of events'],
  ['', { url, eventTypes: 'invoice.paid' }, 'eventTypes', 'must be a list of 1 to 100 types'],
  ['', { url, eventTypes: ['invoice.paid', '*'] }, 'eventTypes.1', 'must be one of: invoice.'],
  ['', { url, headers: ['x'] }, 'headers', 'must be an object of header names and values'],
  ['', { url, headers: { 'x y': '' } }, 'headers.x y', 'must be a header name'],
  ['', { url, headers: { 'Webhook-Id': '1' } }, 'headers.Webhook-Id', 'cannot be set'],
  ['', { url, headers: { Host: 'x' } }, 'headers.Host', 'cannot be set'],
  ['', { url, headers: { x: 'é' } }, 'headers.x', 'must be printable ASCII'],
  ['', { url, headers: { x: 'a\r\nb: c' } }, 'headers.x', 'must be printable ASCII'],
  ['', { url, headers: { x: 1 } }, 'headers.x', 'must be printable ASCII'],
  ['', { url, headers: { 'x-a': '1', 'X-A': '2' } }, 'headers.X-A', 'is given twice'],
  ['', { url, headers: tooMany }, 'headers', 'must be at most 20'],
  ['', { url, ordered: 'true' }, 'ordered', 'must be true or false'],
  ['', { url, projectId: 'x' }, 'projectId', 'must be a UUID'],
  ['', { url, format: 'xml' }, 'format', 'must be one of: standard, bitsby'],
  ['', { url, retries: true }, 'retries', 'must be one of: standard, bitsby'],
  ['', { url, enabled: false }, 'enabled', 'is not known here'],
  ['', { url, secret }, 'secret', 'is not known here'],
  ['', [], undefined, 'must be a JSON object'],
  ['?url=x', { url }, 'url', 'is not known here'],
  [`/${id}/rotate-secret`, { secret }, 'secret', 'is not known here'],
  [`/${id}/rotate-secret?now=1`, {}, 'now', 'is not known here'],
  [`/${id}/test`, { type: 'invoice.paid' }, 'type', 'is not known here'],
  [`/${id}/replay`, {}, 'failed', 'must be true, unless since and until are given'],
  [`/${id}/replay`, { failed: false }, 'failed', 'must be true'],
  [`/${id}/replay`, { failed: true, since }, 'failed', 'cannot be given together'],
  [`/${id}/replay`, { since }, 'until', 'must be given together with since'],
  [`/${id}/replay`, { until }, 'since', 'must be given together with until'],
  [`/${id}/replay`, { since, until: since }, 'until', 'must be later than since'],
  [`/${id}/replay`, { since: until, until: since }, 'until', 'must be later than since'],
  [`/${id}/replay`, { since: 'yesterday', until }, 'since', 'must be a time such as'],
  [`/${id}/replay`, { failed: true, type: 'invoice.paid' }, 'type', 'is not known here'],
])('POST %s with %j', (path, sent, param, message) => {
  test('is refused, saying what is wrong with what', async () => {
    const { status, body } = await gateway.post(`${all}${path}`, sent);
    const { code, title, ...problem } = CanonicalProblem.parse(body);
    expect([status, code, problem.param]).toEqual([400, 'invalid_request', param]);
    expect(title).toContain(message);
    expect(gateway.calls).toEqual([]);
  });
});

test.each<[unknown, string | undefined]>([
  [{ url: null }, 'url'],
  [{ ordered: null }, 'ordered'],
  [{ retries: null }, 'retries'],
  [{ format: 'standard' }, 'format'],
  [{ projectId: aProject.id }, 'projectId'],
  [{ enabled: 'no' }, 'enabled'],
  [{ headers: { 'content-type': 'text/plain' } }, 'headers.content-type'],
  [{ disabled: true }, 'disabled'],
  ['enabled', undefined],
])('a change to %j is refused', async (sent, param) => {
  const { status, body } = await patch(sent);
  expect([status, CanonicalProblem.parse(body).param]).toEqual([400, param]);
  expect(gateway.calls).toEqual([]);
});

test.each(['1', 'ep_1', `del_${id.slice(3)}`, id.toUpperCase(), `${id}0`])(
  'nothing of ours is called %s',
  async (other) => {
    for (const target of ['GET ', 'DELETE ', 'POST /test', 'POST /rotate-secret']) {
      const [method = '', rest = ''] = target.split(' ');
      const answer = await gateway.send(`${method} ${all}/${other}${rest}`);
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect(gateway.calls).toEqual([]);
  },
);

test.each([`POST ${all}`, `PATCH ${one}`, `POST ${one}/replay`, `POST ${one}/test`])(
  '%s with a body that is not JSON is 415',
  async (target) => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await gateway.send(target, { headers, body: 'url=x' });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  },
);

test('every type of event can be asked for', async () => {
  const eventTypes = WebhookEventType.options;
  expect((await gateway.post(all, { url, eventTypes })).status).toBe(201);
  expect(gateway.calls).toMatchObject([['endpoints.create', { eventTypes }]]);
});
