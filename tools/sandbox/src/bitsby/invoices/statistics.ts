import { daysShape } from '../api/params.ts';
import type { Call } from '../call.ts';
import { dayOf, isWithin } from '../datetime.ts';
import { cents } from '../money.ts';

export const statisticsShape = daysShape;

const monthOf = (ms: number): string => {
  const date = new Date(ms);
  const month = date.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' });
  return `${month}-${date.getUTCFullYear()}`;
};

const countBy = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** Of the invoices made on these days. Source: https://docs.bitsby.app/api-documentation/invoice-statistics */
export const invoiceStatistics = (
  { state, apiKey }: Call,
  days: { startDate?: string | undefined; endDate?: string | undefined },
) => {
  const invoices = state.invoices
    .newestFirst()
    .filter((invoice) => invoice.apiKey === apiKey && isWithin(days, invoice.createdAt))
    .toReversed();
  const totalUSD = invoices.reduce((sum, { amountFiatUSD }) => sum + cents(amountFiatUSD), 0n);
  const byDate = countBy(invoices.map(({ createdAt }) => dayOf(createdAt)));
  return {
    invoicesTotalNum: invoices.length,
    invoicesPaidNum: invoices.filter(({ status }) => status === 'paid').length,
    // A number on the wire, unlike all other amounts.
    invoicesTotalUSD: Number(totalUSD) / 100,
    invoicesByProjects: countBy(invoices.map(({ projectId }) => projectId)),
    invoicesByCurrencies: countBy(invoices.map(({ currencyFiat }) => currencyFiat)),
    invoicesByMonths: countBy(invoices.map(({ createdAt }) => monthOf(createdAt))),
    invoicesByDate: Object.fromEntries(
      Object.entries(byDate).map(([day, value]) => [day, { date: Date.parse(day), value }]),
    ),
  };
};
