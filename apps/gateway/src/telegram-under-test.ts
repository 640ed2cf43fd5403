import type { Invoice, User } from '@quittance/contracts';
import { anInvoice } from './domain-under-test.ts';

/** The creator of the invoices of `seeds/001-response.json`. */
export const aTelegramUser: User = {
  id: 3,
  publicId: '6548a41138406c14db33b607',
  accountId: 7,
  name: 'Nasir',
  email: null,
  telegramId: 7_378_059_553,
};

/** The invoice of `seeds/001-response.json`. */
export const aTelegramInvoice: Invoice = {
  ...anInvoice,
  id: 15,
  publicId: '67c9a1c8ff600e06af2a9694',
  projectId: null,
  provider: 'telegram',
  flow: 'telegram.bot_api',
  status: 'pending',
  exception: 'none',
  statusReason: null,
  amount: 10,
  currency: 'XTR',
  received: 0,
  remaining: 10,
  overpaid: 0,
  refunded: 0,
  net: 0,
  disputed: 'none',
  payments: [],
  refunds: [],
  disputes: [],
  item: { type: 'none', id: 'none' },
  description: 'Payment for test',
  payload: 'user123-payment',
  expiresAt: null,
  providerRef: 'invoice-JJD0EOPJ',
  providerData: JSON.stringify({
    invoiceId: 'invoice-JJD0EOPJ',
    title: 'Test Payment',
    description: 'Payment for test',
    amount: '10',
    currency: 'XTR',
    payLink: 'https://t.me/bbp_app_bot?start=invoice-JJD0EOPJ',
    createdAt: '2025-03-06T14:30:00.000Z',
  }),
};

/** The same at the BBP bot, which shows an amount in the type that it was sent in. */
export const aPointsInvoice: Invoice = {
  ...aTelegramInvoice,
  flow: 'telegram.bots_business',
  currency: 'BBP',
  providerData: JSON.stringify({
    qrCode: 'https://quickchart.io/qr?text=x',
    invoiceId: 'invoice-JJD0EOPJ',
    title: 'Test Payment',
    amount: 10,
    userId: 1,
    payLink: 'https://t.me/bbp_app_bot?start=invoice-JJD0EOPJ',
    description: 'Payment for test',
    status: 'unpaid',
    paidBy: null,
  }),
};

const payment = {
  ref: 'stxq1',
  money: { amount: 10, currency: 'XTR' },
  paidAt: '2025-03-06T14:31:00.000Z',
  payer: '123456789',
  late: false,
  crypto: null,
} as const;

/** `aTelegramInvoice` after somebody has paid it. */
export const aPaidTelegramInvoice: Invoice = {
  ...aTelegramInvoice,
  status: 'paid',
  received: 10,
  remaining: 0,
  net: 10,
  payments: [payment],
};
