import { expect, test } from 'vitest';
import { median, quantile } from './statistics.ts';

test('takes the value below which the share lies, whatever the order', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(quantile([...Array(100).keys()].toReversed(), 0.99)).toBe(98);
  expect(median([])).toBeNaN();
});
