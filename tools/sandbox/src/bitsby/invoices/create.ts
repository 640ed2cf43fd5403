import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { randomText } from '../../random-text.ts';
import { openAccount } from '../accounts/open-account.ts';
import { findProject } from '../accounts/projects.ts';
import { refused } from '../api/errors.ts';
import { amountFiat, currencyFiat, text, timeToPay, uuid } from '../api/params.ts';
import { commissionOf, commissionRate } from '../billing/commission.ts';
import type { Call } from '../call.ts';
import { hourMs, secondMs } from '../datetime.ts';
import { cents, centsText } from '../money.ts';
import { inUSD, ratesOf } from '../rates.ts';
import { settingsOf } from '../settings.ts';
import type { Invoice } from '../state.ts';
import { payPagePath } from './page-url.ts';
import { presentCreated } from './present.ts';
import { reserve } from './reservations.ts';

export const createShape = {
  projectId: uuid,
  amountFiat,
  currencyFiat,
  description: text.optional(),
  serviceData: text.optional(),
  timeToPay,
};

type Params = z.output<z.ZodObject<typeof createShape>>;

const uidLength = 12;

/** @throws BitsbyError when the project is not the account's, or the account's balance is negative */
export const createInvoice = (call: Call, params: Params) => {
  const { state, now } = call;
  const account = openAccount(state, call.apiKey);
  if (cents(account.internal) < 0n) {
    throw refused('Creating invoices is forbidden while the internal balance is negative');
  }
  const project = findProject(call, params.projectId);
  const amountUSD = inUSD(cents(params.amountFiat), params.currencyFiat, ratesOf(state));
  if (amountUSD === 0n) throw refused('amountFiat is worth less than 0.01 USD');
  const rate = commissionRate(call, project);
  const commission = commissionOf(amountUSD, rate);
  const [id, uid] = [randomUUID(), randomText(uidLength)];
  const createdAt = Math.floor(now / secondMs) * secondMs;
  const invoice: Invoice = {
    id,
    uid,
    apiKey: call.apiKey,
    projectId: project.id,
    createdAt,
    timeToPayAt: createdAt + params.timeToPay * hourMs,
    amountFiat: params.amountFiat,
    currencyFiat: params.currencyFiat,
    amountFiatUSD: centsText(amountUSD),
    commissionFiatUSD: centsText(commission),
    commissionRate: rate,
    description: params.description ?? null,
    serviceData: params.serviceData ?? null,
    views: 0,
    status: 'unpaid',
    reserved: reserve(call, id, {
      wallets: account.wallets,
      amountUSD: project.commissionPayer === 'buyer' ? amountUSD + commission : amountUSD,
    }),
  };
  state.invoices.put(id, invoice);
  state.uids.put(uid, id);
  const { createAnswer } = settingsOf(state);
  return presentCreated(state, invoice, {
    url: `${call.origin}${payPagePath(uid)}`,
    amounts: createAnswer !== 'wallets',
    wallets: createAnswer !== 'amounts',
  });
};
