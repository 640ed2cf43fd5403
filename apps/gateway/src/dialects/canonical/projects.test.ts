import type { Project } from '@quittance/contracts';
import {
  CanonicalProblem,
  CanonicalProject,
  CanonicalProjects,
} from '@quittance/contracts/canonical';
import { beforeEach, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { aProject } from '../../project-under-test.ts';
import { toCanonicalProject } from './projects.ts';

const all = '/v1/projects';
const { id } = aProject;
const one = `${all}/${id}`;
const ref = '11111111-2222-4333-8444-555566667777';
const shown = {
  id,
  name: 'The shop',
  bitsby: { projectId: ref, webhookPath: '/webhooks/bitsby/whk_1' },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T00:00:00.000Z',
};

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const patch = (target: string, body: unknown) =>
  gateway.send(`PATCH ${target}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('a project is made, and its answer says where Bitsby is to send its webhooks', async () => {
  const sent = { name: 'The shop', bitsby: { projectId: ref.toUpperCase() } };
  const answer = await gateway.post(all, sent, { 'idempotency-key': 'k' });
  expect([answer.status, answer.headers.get('location')]).toEqual([201, one]);
  expect(CanonicalProject.strict().parse(answer.body)).toEqual(shown);
  const providers = [{ provider: 'bitsby', ref }];
  expect(gateway.calls).toEqual([
    ['projects.create', { caller, idempotencyKey: 'k', name: 'The shop', providers }],
  ]);
});

test.each([{ name: 'x' }, { name: 'x', bitsby: null }])('one of no provider: %j', async (sent) => {
  expect((await gateway.post(all, sent)).status).toBe(201);
  expect(gateway.calls).toEqual([
    ['projects.create', { caller, idempotencyKey: null, name: 'x', providers: [] }],
  ]);
  const project: Project = { ...aProject, providers: [] };
  expect(toCanonicalProject(project).bitsby).toBeNull();
});

test('a project by its id in any case, and all of them', async () => {
  const found = await gateway.send(`GET ${all}/${id.toUpperCase()}`);
  expect([found.status, found.body]).toEqual([200, shown]);
  const list = await gateway.send(`GET ${all}`);
  expect([list.status, list.body]).toEqual([200, { data: [shown] }]);
  expect(CanonicalProjects.strict().parse(list.body)).toEqual(list.body);
  expect(gateway.calls).toEqual([
    ['projects.get', { caller, id }],
    ['projects.list', { caller }],
  ]);
});

test.each<[object, object]>([
  [{}, {}],
  [{ name: 'Other' }, { name: 'Other' }],
  [{ bitsby: null }, { providers: [] }],
  [{ bitsby: { projectId: ref } }, { providers: [{ provider: 'bitsby', ref }] }],
])('%j changes that alone', async (sent, update) => {
  const { status, body } = await patch(one, sent);
  expect([status, body]).toEqual([200, shown]);
  expect(gateway.calls).toEqual([['projects.update', { caller, id, ...update }]]);
});

test.each<[unknown, string | undefined, string]>([
  [{}, 'name', 'must be a string of 1 to 255 characters'],
  [{ name: '' }, 'name', 'must be a string of 1 to 255 characters'],
  [{ name: 'x'.repeat(256) }, 'name', 'must be a string of 1 to 255 characters'],
  [{ name: '\0' }, 'name', 'must be valid Unicode'],
  [{ name: 'x', bitsby: ref }, 'bitsby', 'must be an object with projectId'],
  [{ name: 'x', bitsby: {} }, 'bitsby.projectId', 'must be a UUID'],
  [{ name: 'x', bitsby: { projectId: 'x' } }, 'bitsby.projectId', 'must be a UUID'],
  [{ name: 'x', bitsby: { projectId: ref, token: 'x' } }, 'bitsby.token', 'is not known here'],
  [{ name: 'x', id }, 'id', 'is not known here'],
  ['x', undefined, 'must be a JSON object'],
])('POST %j is refused', async (sent, param, message) => {
  const json = JSON.stringify(sent);
  const answer = await gateway.post(all, json);
  expect(answer.status).toBe(400);
  const problem = CanonicalProblem.parse(answer.body);
  expect([problem.param, problem.title]).toEqual([param, expect.stringContaining(message)]);
  expect(gateway.calls).toEqual([]);
});

test.each<[unknown, string]>([
  [{ name: null }, 'name'],
  [{ bitsby: { projectId: null } }, 'bitsby.projectId'],
  [{ webhookPath: 'x' }, 'webhookPath'],
])('a change to %j is refused', async (sent, param) => {
  const { status, body } = await patch(one, sent);
  expect([status, CanonicalProblem.parse(body).param]).toEqual([400, param]);
  expect(gateway.calls).toEqual([]);
});

test.each(['1', 'x', `${id}0`, id.replaceAll('-', '')])(
  'nothing of ours is called %s',
  async (other) => {
    expect((await gateway.send(`GET ${all}/${other}`)).status).toBe(404);
    expect((await patch(`${all}/${other}`, {})).status).toBe(404);
    expect(gateway.calls).toEqual([]);
  },
);
