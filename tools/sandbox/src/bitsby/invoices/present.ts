import { datetime } from '../datetime.ts';
import type { BitsbyState, Invoice, Wallet } from '../state.ts';
import { statusOf } from './status.ts';

const common = (invoice: Invoice) => ({
  id: invoice.id,
  uid: invoice.uid,
  createDatetime: datetime(invoice.createdAt),
  timeToPayDatetime: datetime(invoice.timeToPayAt),
});

const amountsUSD = ({ commissionFiatUSD, amountFiatUSD }: Invoice) => ({
  commissionFiatUSD,
  amountFiatUSD,
});

/** Fields in the order of the documentation, wherever a wallet is shown. */
export const presentWallet = ({ id, name, blockchain, cryptocurrency, address }: Wallet) => ({
  id,
  name,
  blockchain,
  cryptocurrency,
  address,
});

/** The wallets of the invoice's account with the amounts that they expect for it. */
export const expectingWallets = (
  state: BitsbyState,
  { apiKey, reserved }: Invoice,
): (Wallet & { amountCrypto: string })[] => {
  const wallets = state.accounts.get(apiKey)?.wallets ?? [];
  return reserved.flatMap(({ walletId, amountCrypto }) =>
    wallets
      .filter(({ id }) => id === walletId)
      .map((wallet) => ({ ...presentWallet(wallet), amountCrypto })),
  );
};

/** Source: https://docs.bitsby.app/api-documentation/invoice-list */
export const presentInvoice = (invoice: Invoice, now: number) => {
  const { projectId, amountFiat, currencyFiat, description, serviceData, views } = invoice;
  const { id, uid, ...dates } = common(invoice);
  return {
    id,
    uid,
    projectId,
    ...dates,
    ...amountsUSD(invoice),
    amountFiat,
    currencyFiat,
    description,
    serviceData,
    views,
    status: statusOf(invoice, now),
  };
};

/** Source: https://docs.bitsby.app/webhook-url. The older body had no amounts in USD. */
export const invoiceOfWebhook = (
  invoice: Invoice,
  { calcAmountFiat, older }: { calcAmountFiat: string; older: boolean },
) => {
  const { amountFiat, currencyFiat, description, serviceData, status } = invoice;
  return {
    ...common(invoice),
    ...(older ? {} : amountsUSD(invoice)),
    amountFiat,
    calcAmountFiat,
    currencyFiat,
    description,
    serviceData,
    status,
  };
};

/** Source: https://docs.bitsby.app/api-documentation/invoice-creation, of which three versions differ in these parts. */
export const presentCreated = (
  state: BitsbyState,
  invoice: Invoice,
  { url, amounts, wallets }: { url: string; amounts: boolean; wallets: boolean },
) => ({
  ...common(invoice),
  ...(amounts && amountsUSD(invoice)),
  url,
  ...(wallets && { wallets: expectingWallets(state, invoice) }),
});
