import { type Caller, type CreateInvoice, type ListFlow, noItem } from '@quittance/contracts';
import type { Seed003Create, Seed003List } from '@quittance/contracts/seed-003';
import { statusesOf } from './statuses.ts';

const flow = 'bitsby.invoice';

const decimals = new Set(['amountFiat', 'timeToPay', 'offset', 'limit']);

/** A JSON reviver that leaves such a number as the text it came as, which is how forms have it. */
export const keepDecimalText = (
  key: string,
  value: unknown,
  context?: { source?: string },
): unknown => (decimals.has(key) && typeof value === 'number' ? (context?.source ?? value) : value);

export const toCreateInvoice = (
  {
    projectId,
    amountFiat,
    currencyFiat,
    description = null,
    serviceData = null,
    timeToPay,
  }: Seed003Create,
  context: Pick<CreateInvoice, 'caller' | 'idempotencyKey'>,
): CreateInvoice => ({
  ...context,
  billed: null,
  money: { amount: amountFiat, currency: currencyFiat },
  item: noItem,
  description,
  payload: serviceData,
  projectId,
  options: { provider: 'bitsby', flow, timeToPay },
  expiry: null,
});

export const toList = (
  { invoiceId, invoiceUid, projectId, startDate, endDate, status, offset, limit }: Seed003List,
  caller: Caller,
): ListFlow => {
  const refs = [invoiceId, invoiceUid].filter((ref) => typeof ref === 'string');
  return {
    caller,
    flow,
    filter: {
      ...(refs.length > 0 && { refs }),
      ...(projectId && { projectId }),
      ...(startDate && { createdFrom: startDate }),
      ...(endDate && { createdTo: endDate }),
      ...(status && { statuses: statusesOf(status) }),
    },
    offset: offset ?? 0,
    limit: limit ?? 10,
  };
};

/** The one invoice that Bitsby has under this id. */
export const toFind = (invoiceId: string, caller: Caller): ListFlow => ({
  caller,
  flow,
  filter: { refs: [invoiceId] },
  offset: 0,
  limit: 1,
});
