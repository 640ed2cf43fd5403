import { Seed003Error } from '@quittance/contracts/seed-003';
import { beforeEach, describe, expect, test } from 'vitest';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import {
  curlForm,
  filePart,
  lastLine,
  multipart,
  order,
  part,
  sendBody,
  sendForm,
} from './forms-under-test.ts';

const path = '/invoices/create';
const limit = 16_384;
const json = { 'content-type': 'application/json' };
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway({ bodyLimitBytes: limit });
});

const amountError = 'amountFiat must be a number above 0 with at most 2 decimals, such as 10.55';
const timeError = 'timeToPay must be one of: 0.5, 1, 3, 6, 12';

/** A refusal that names the field, with nothing created. */
const expectRefused = (
  { status, body }: { status: number; body: unknown },
  data: string,
  expected = 400,
) => {
  expect(Seed003Error.strict().parse(body)).toEqual({ result: 'error', data });
  expect([status, gateway.calls]).toEqual([expected, []]);
};

describe('is refused in words, and nothing created', () => {
  test.each<[field: string, values: string[], message: string]>([
    ['projectId', ['', '1', '9deea1e2-0c08-41a3-bdc2', 'null'], 'projectId must be a UUID'],
    [
      'amountFiat',
      ['', '0', '0.00', '-1', '+1', '1e3', '10.555', '10,55', ' 1', '1.', '.5', '0x1', 'NaN'],
      amountError,
    ],
    ['amountFiat', ['10000000000000', '9'.repeat(400), '10.5501'], amountError],
    ['currencyFiat', ['GBP', 'eur', '', 'USDT'], 'currencyFiat must be one of: USD, EUR, RUB'],
    [
      'timeToPay',
      ['', '2', '0', '-1', '24', '0.51', '06', '6.', '6.01', '1e0', '.5', 'six'],
      timeError,
    ],
    ['description', ['x'.repeat(1001)], 'description must be a string of 0 to 1000 characters'],
    ['description', ['a\0'], 'description must be valid Unicode text without NUL'],
    ['serviceData', ['x'.repeat(4097)], 'serviceData must be a string of 0 to 4096 characters'],
    ['serviceDate', ['x'], 'serviceDate is not known here'],
    ['__proto__', ['x'], '__proto__ is not known here'],
  ])('%s as one of %j', async (field, values, message) => {
    for (const value of values) {
      const fields = Object.fromEntries([...Object.entries(order), [field, value]]);
      expectRefused(await sendForm(gateway, path, fields), message);
    }
  });

  test.each([
    ['projectId', 'projectId must be a UUID'],
    ['amountFiat', amountError],
    ['currencyFiat', 'currencyFiat must be one of: USD, EUR, RUB'],
    ['timeToPay', timeError],
  ])('no %s', async (field, message) => {
    const { [field]: _gone, ...others } = order;
    expectRefused(await sendForm(gateway, path, others), message);
  });

  test.each<[change: Record<string, unknown>, message: string]>([
    [{ amountFiat: null }, amountError],
    [{ amountFiat: ['1'] }, amountError],
    [{ timeToPay: true }, timeError],
    [{ description: 5 }, 'description must be a string of 0 to 1000 characters'],
    [{ serviceData: { userId: 1 } }, 'serviceData must be a string of 0 to 4096 characters'],
    [{ serviceData: '\ud83d' }, 'serviceData must be valid Unicode text without NUL'],
  ])('JSON with %j', async (change, message) => {
    const body = JSON.stringify({ ...order, ...change });
    expectRefused(await sendBody(gateway, path, body, json), message);
  });

  test.each([
    ['1e3', amountError],
    ['10.555', amountError],
    ['10.5500000000000000001', amountError],
    ['-1', amountError],
  ])('the JSON number %s', async (amount, message) => {
    const body = JSON.stringify(order).replace('"10.55"', amount);
    expectRefused(await sendBody(gateway, path, body, json), message);
  });

  test('files in place of fields', async () => {
    const { projectId: _gone, ...others } = order;
    const files = filePart('projectId', 'x') + filePart('amountFiat', 'y') + curlForm(others);
    const answer = await sendBody(gateway, path, files, { 'content-type': multipart });
    expectRefused(answer, 'projectId must be text, not a file');
  });

  test('a file that is no text', async () => {
    const bytes = Buffer.from(filePart('serviceData', '\xff\xfe') + lastLine, 'latin1');
    const answer = await sendBody(gateway, path, bytes, { 'content-type': multipart });
    expectRefused(answer, 'serviceData must be text, not a file');
  });

  test('a field that is given twice', async () => {
    const twice = part('amountFiat', '10.55') + curlForm(order);
    const form = await sendBody(gateway, path, twice, { 'content-type': multipart });
    expectRefused(form, 'amountFiat is given twice');
    const query = `${new URLSearchParams(order).toString()}&amountFiat=10.55`;
    const encoded = await sendBody(gateway, path, query, urlencoded);
    expectRefused(encoded, 'amountFiat is given twice');
  });

  test.each<[string, string, string]>([
    ['a form without its end', curlForm(order).slice(0, -lastLine.length), multipart],
    ['a form of another boundary', curlForm(order), 'multipart/form-data; boundary=x'],
    ['a form without boundary', curlForm(order), 'multipart/form-data'],
    ['a part without name', curlForm(order).replace('; name="projectId"', ''), multipart],
    ['something else', 'projectId', multipart],
  ])('%s', async (_title, body, type) => {
    const answer = await sendBody(gateway, path, body, { 'content-type': type });
    expectRefused(answer, 'The body is not a valid form');
  });

  test.each(['{', '"', '{"projectId":}', ' '])('JSON that is %j', async (body) => {
    expectRefused(await sendBody(gateway, path, body, json), 'The body is not valid JSON');
  });

  test.each(['[]', 'null', '1', '"a"'])('JSON that is no object: %s', async (body) => {
    expectRefused(await sendBody(gateway, path, body, json), 'The body must be a JSON object');
  });

  test.each<[string, Uint8Array, Record<string, string>]>([
    [
      'a form',
      Buffer.from(curlForm({ ...order, serviceData: '\xff' }), 'latin1'),
      { 'content-type': multipart },
    ],
    ['JSON', Buffer.from(JSON.stringify({ ...order, serviceData: '\xff' }), 'latin1'), json],
    [
      'an urlencoded form',
      Buffer.from(`${new URLSearchParams(order).toString()}&x=%FF`),
      urlencoded,
    ],
    [
      'a raw urlencoded form',
      Buffer.from(`${new URLSearchParams(order).toString()}&x=\xff`, 'latin1'),
      urlencoded,
    ],
  ])('%s that is no UTF-8', async (_title, body, headers) => {
    expectRefused(await sendBody(gateway, path, body, headers), 'The body must be UTF-8');
  });

  test.each(['text/plain', 'application/xml', ''])('a body of type %j', async (type) => {
    expectRefused(
      await sendBody(gateway, path, curlForm(order), { 'content-type': type }),
      'The Content-Type must be multipart/form-data, application/x-www-form-urlencoded or application/json',
      415,
    );
  });

  test('no body', async () => {
    expectRefused(await sendBody(gateway, path, '', {}), 'projectId must be a UUID');
  });

  test('fields in the query', async () => {
    const answer = await sendForm(gateway, `${path}?amountFiat=1`, order);
    expectRefused(answer, 'amountFiat is not known here');
  });

  test('2 MB of serviceData, declared or not', async () => {
    const body = curlForm({ ...order, serviceData: 'x'.repeat(2_000_000) });
    const found = await sendBody(gateway, path, body, { 'content-type': multipart });
    expect(found.headers.get('connection')).toBe('close');
    expectRefused(found, `The body is larger than ${limit} bytes`, 413);
    const declared = await sendBody(gateway, path, body, {
      'content-type': multipart,
      'content-length': String(body.length),
    });
    expectRefused(declared, `The body is larger than ${limit} bytes`, 413);
  });
});
