import { expect, test } from 'vitest';
import { payPageOf } from './pay-page.ts';

test.each([
  ['https://api.bitsby.app', 'https://dash.bitsby.app/invoices/pay/MXNj4m8HhcM4'],
  ['http://127.0.0.1:3100', 'http://127.0.0.1:3100/invoices/pay/MXNj4m8HhcM4'],
  ['http://api.sandbox.test:3100/x', 'http://dash.sandbox.test:3100/invoices/pay/MXNj4m8HhcM4'],
])('beside %s a payer pays at %s', (apiUrl, page) => {
  expect(payPageOf(apiUrl, 'MXNj4m8HhcM4')).toBe(page);
});

test('an id that is no part of a path stays one', () => {
  expect(payPageOf('https://api.bitsby.app', '../x?y')).toBe(
    'https://dash.bitsby.app/invoices/pay/..%2Fx%3Fy',
  );
});
