import { formatDecimal, type Invoice } from '@quittance/contracts';
import { readProviderData } from '@quittance/contracts/canonical';
import { type Seed003Invoice, type Seed003New, Seed003Object } from '@quittance/contracts/seed-003';
import { statusOf } from './statuses.ts';

const toDatetime = (time: string): string => time.slice(0, 19).replace('T', ' ');

/** What Bitsby says of an invoice that it has. When it was made it may leave to us. */
const objectOf = ({ publicId, providerData, createdAt }: Invoice) => {
  if (providerData === null) throw new TypeError(`Bitsby has not made invoice ${publicId}`);
  const object = Seed003Object.parse(readProviderData(providerData));
  return { ...object, createDatetime: object.createDatetime ?? toDatetime(createdAt) };
};

/** What Bitsby itself answered to the create. */
export const toSeed003New = (invoice: Invoice): Seed003New => {
  const { views: _views, wallets, ...object } = objectOf(invoice);
  return { ...object, ...(wallets && { wallets }) };
};

export const toSeed003Invoice = (invoice: Invoice): Seed003Invoice => {
  const { projectId, currency, description, payload, status } = invoice;
  const seen = objectOf(invoice);
  return {
    id: seen.id,
    uid: seen.uid,
    projectId,
    createDatetime: seen.createDatetime,
    timeToPayDatetime: seen.timeToPayDatetime,
    commissionFiatUSD: seen.commissionFiatUSD,
    amountFiatUSD: seen.amountFiatUSD,
    amountFiat: formatDecimal(invoice),
    currencyFiat: currency,
    description,
    serviceData: payload,
    views: seen.views,
    status: statusOf[status],
  };
};
