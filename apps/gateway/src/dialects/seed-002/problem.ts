import type { DomainError, Refusal } from '@quittance/rpc';
import type { ClientErrorStatusCode } from 'hono/utils/http-status';
import { detailsOf, type ProblemDetails } from '../../problem.ts';

const params = new Map([
  ['amount', 'items'],
  ['money.amount', 'items'],
  ['money.currency', 'currency'],
  ['options.due.time', 'dueDate'],
  ['options.due.days', 'daysUntilDue'],
  ['billed.customerRef', 'customer'],
  ['filter.userPublicId', 'user'],
  ['filter.createdFrom', 'from'],
  ['filter.createdTo', 'to'],
]);

/** This dialect's name of a field of ours. */
const paramOf = (param: string): string =>
  params.get(param) ??
  param
    .replace(/^options\./, '')
    .replace(/^lines(?=$|\.)/, 'items')
    .replace(/^(items\.\d+)\.description$/, '$1.name')
    .replace(/^(items\.\d+)\.unitAmount$/, '$1.amount');

/** This dialect's names of Stripe's parameters, without what is nested in them. */
const stripeParams = new Map([
  ['id', 'customer'],
  ['customer', 'customer'],
  ['default_payment_method', 'paymentMethod'],
  ['payment_method', 'paymentMethod'],
  ['currency', 'currency'],
  ['description', 'description'],
  ['footer', 'footer'],
  ['due_date', 'dueDate'],
  ['days_until_due', 'daysUntilDue'],
  ['amount', 'items'],
  ['unit_amount_decimal', 'items'],
  ['quantity', 'items'],
  ['price_data', 'items'],
  ['lines', 'items'],
]);

const paramOfStripe = (param: string): string | undefined =>
  stripeParams.get(param.split('[')[0] ?? param);

/** A status of Stripe's that says of the client's request what it would say of one to Stripe itself. */
const isOfTheRequest = (status: number): status is ClientErrorStatusCode =>
  status >= 400 && status <= 499 && status !== 401 && status !== 403;

/** What Stripe said, as Stripe says it. What it says of this hub's own key is nothing for the client. */
const passedOn = ({ code, message }: DomainError, refusal: Refusal): ProblemDetails =>
  isOfTheRequest(refusal.status)
    ? {
        status: refusal.status,
        code: refusal.code ?? code,
        message,
        param: refusal.param === null ? undefined : paramOfStripe(refusal.param),
      }
    : { status: 502, code, message: 'Stripe does not do this for this hub' };

/** An error in this dialect's words and with its names of fields. */
export const seed002Details = (error: DomainError): ProblemDetails => {
  if (error.refusal) return passedOn(error, error.refusal);
  const { param, ...same } = detailsOf(error);
  return { ...same, param: param === undefined ? undefined : paramOf(param) };
};
