import type { InvoiceFilter } from '@quittance/contracts';
import { spanMs, startMs } from './seed-invoices.ts';

export interface ListCase {
  name: string;
  filter: InvoiceFilter;
  /** Whether its ratio is held against the limit; combinations and worst cases are there to be known. */
  judged: boolean;
}

const at = (share: number): string => new Date(startMs + spanMs * share).toISOString();

const filters: Record<string, InvoiceFilter> = {
  'no filter': {},
  'status, 70 % of all': { status: 'paid' },
  'status, 2 % of all': { status: 'failed' },
  provider: { provider: 'stripe' },
  user: { userId: 3 },
  item: { item: { type: 'product', id: '3' } },
  'created range': { createdFrom: at(0.01), createdTo: at(0.95) },
  'amount range, 13 % of all': { minAmount: 2000, maxAmount: 5000 },
  'amount, at least': { minAmount: 50_000 },
  'text, one word': { text: 'word7' },
  'text, one word of all': { text: 'Order' },
  'text, two words': { text: 'word0 order' },
};

/** What looks at many invoices for each that it finds, and at more the more there are. */
const combinations: Record<string, InvoiceFilter> = {
  'status and user': { status: 'expired', userId: 2 },
  'status, user, item, amount and text': {
    status: 'paid',
    userId: 1,
    item: { type: 'product', id: '0' },
    minAmount: 1000,
    text: 'order',
  },
  'worst: two words seldom together': { text: 'word1 word2' },
  'worst: a narrow range of amounts': { minAmount: 99_800, maxAmount: 100_000 },
  'worst: a range of 0.1 % of amounts': { minAmount: 99_000, maxAmount: 100_000 },
  'worst: two common lists, nothing in both': { status: 'failed', text: 'word0 word1 word2 word3' },
  'worst: amounts that nothing else has': { status: 'failed', minAmount: 95_000, text: 'word0' },
};

const cases = (named: Record<string, InvoiceFilter>, judged: boolean): ListCase[] =>
  Object.entries(named).map(([name, filter]) => ({ name, filter, judged }));

export const listCases: readonly ListCase[] = [
  ...cases(filters, true),
  ...cases(combinations, false),
];
