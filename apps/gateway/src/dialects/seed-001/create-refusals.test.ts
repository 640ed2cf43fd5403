import { Seed001Error } from '@quittance/contracts/seed-001';
import { fixture } from '@quittance/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { commands, order, sendGet, sendJson, ways } from './requests-under-test.ts';

const path = `${commands}/new-invoice`;
const json = JSON.stringify(order);
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

/** A refusal in the seed's form, with the core asked for nothing. */
const expectRefused = ({ status, body }: Answer, msg: string, expected = 400) => {
  expect([status, body]).toEqual([expected, { status: 'error', msg }]);
  expect(Seed001Error.strict().parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([]);
};

describe.each(ways)('missing, by %s', (_way, send) => {
  test("the seed's own error, to the letter, in the order of its table", async () => {
    const { amount: _amount, pin: _pin, ...rest } = order;
    const { status, body } = await send(gateway, path, rest);
    expect([status, JSON.stringify(body)]).toEqual([
      400,
      JSON.stringify(fixture('seeds/001-error.json')),
    ]);
  });

  test('all of them', async () => {
    const all = 'Missing parameters: amount, userId, pin, description, title, payload';
    expectRefused(await send(gateway, path, {}), all);
  });

  test('what is empty is missing', async () => {
    const empty = { ...order, payload: '', amount: '' };
    expectRefused(await send(gateway, path, empty), 'Missing parameters: amount, payload');
  });

  test('a zero is not missing, but wrong', async () => {
    const zero = { ...order, amount: '0' };
    expectRefused(
      await send(gateway, path, zero),
      'amount must be a whole number above 0, such as 150',
    );
  });
});

test('null is missing, zero is not', async () => {
  const nulls = json.replace('"10"', 'null').replace('"481516"', 'null');
  expectRefused(await gateway.post(path, nulls), 'Missing parameters: amount, pin');
  const zero = json.replace('"10"', '0');
  expectRefused(
    await gateway.post(path, zero),
    'amount must be a whole number above 0, such as 150',
  );
});

const amountError = 'amount must be a whole number above 0, such as 150';
const userIdError = 'userId must be a Telegram id, such as 123456789';
const titleError = 'title must be a string of 1 to 32 characters, not all of them blank';
const descriptionError =
  'description must be a string of 1 to 255 characters, not all of them blank';
const payloadError = 'payload must be a string of at most 128 bytes of UTF-8';
const unicodeError = 'must be valid Unicode text without NUL';

describe('as text', () => {
  test.each<[string, string[], string]>([
    [
      'amount',
      ['0', '0.0', '-1', '+1', '1e3', '10.5', '10,5', ' 10', '1.', '.5', '0x1', 'NaN', 'ten', ' '],
      amountError,
    ],
    ['amount', ['9007199254740992', '9'.repeat(60)], 'amount is too large'],
    [
      'userId',
      ['0', '-100', '@ada', '1.0', '1e3', '9'.repeat(17), '9999999999999999'],
      userIdError,
    ],
    ['pin', ['x'.repeat(65)], 'pin must be 4 to 6 characters'],
    ['title', ['x'.repeat(33), ' ', '\t\u00a0'], titleError],
    ['description', ['x'.repeat(256), ' \n'], descriptionError],
    ['payload', ['x'.repeat(129), `${'é'.repeat(64)}x`, '🛫'.repeat(33)], payloadError],
    ['title', ['a\0'], `title ${unicodeError}`],
    ['description', ['a\0'], `description ${unicodeError}`],
    ['payload', ['a\0'], `payload ${unicodeError}`],
  ])('%s %j', async (name, values, msg) => {
    for (const value of values) {
      expectRefused(await sendGet(gateway, path, { ...order, [name]: value }), msg);
      expectRefused(await sendJson(gateway, path, { ...order, [name]: value }), msg);
    }
  });
});

describe('as JSON', () => {
  test.each([
    ['amount', ['0', '-1', '1e3', '10.5', '10.0000000000000000001', 'true', '[10]'], amountError],
    ['amount', ['9007199254740993'], 'amount is too large'],
    ['userId', ['1e3', '1.5', '0', 'true', '{}'], userIdError],
    ['pin', ['true', '{}', '[1234]'], 'pin must be text'],
    ['title', ['5', 'true', '{}', '[]'], titleError],
    ['description', ['5', 'false', '{"amount":1}'], descriptionError],
    ['payload', ['5', '{"order":1}'], payloadError],
    ['title', ['"\\ud83d"'], `title ${unicodeError}`],
    ['payload', ['"\\ud83d"'], `payload ${unicodeError}`],
  ])('%s %j', async (name, values, msg) => {
    for (const value of values) {
      const body = JSON.stringify({ ...order, [name]: 'VALUE' }).replace('"VALUE"', value);
      expectRefused(await gateway.post(path, body), msg);
    }
  });

  test.each(['[]', '1', '"x"', 'null'])('a body that is no object: %s', async (body) => {
    expectRefused(await gateway.post(path, body), 'The body must be a JSON object');
  });

  test('a body that is no JSON', async () => {
    expectRefused(await gateway.post(path, '{"amount":'), 'The body is not valid JSON');
  });
});

describe('given twice', () => {
  const query = new URLSearchParams(order).toString();

  test('in a query', async () => {
    expectRefused(await gateway.send(`GET ${path}?${query}&amount=10`), 'amount is given twice');
  });

  test('in a form', async () => {
    const body = `${query}&pin=1`;
    const answer = await gateway.send(`POST ${path}`, { headers: urlencoded, body });
    expectRefused(answer, 'pin is given twice');
  });

  test('in a query and in the body', async () => {
    expectRefused(await sendJson(gateway, `${path}?title=x`, order), 'title is given twice');
  });
});

test('what is no UTF-8 is not guessed at', async () => {
  const { title: _title, ...rest } = order;
  const query = `${new URLSearchParams(rest).toString()}&title=%ff`;
  expectRefused(await gateway.send(`GET ${path}?${query}`), 'The query must be UTF-8');
  const form = { headers: urlencoded, body: query };
  expectRefused(await gateway.send(`POST ${path}`, form), 'The body must be UTF-8');
});

test('a body above the limit, or of another type', async () => {
  const large = JSON.stringify({ ...order, payload: 'x'.repeat(5000) });
  expectRefused(await gateway.post(path, large), 'The body is larger than 4096 bytes', 413);
  const answer = await gateway.post(path, json, { 'content-type': 'text/plain' });
  expect(answer.status).toBe(415);
  expect(Seed001Error.parse(answer.body).msg).toContain('must be multipart/form-data, ');
  expect(gateway.calls).toEqual([]);
});

test('a malformed Idempotency-Key', async () => {
  const answer = await sendJson(gateway, path, order, { 'idempotency-key': 'clé' });
  expectRefused(answer, 'Idempotency-Key must be 1 to 255 printable ASCII characters');
});
