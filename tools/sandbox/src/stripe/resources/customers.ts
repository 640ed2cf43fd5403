import type { Stripe } from 'stripe';
import { z } from 'zod';
import type { Call } from '../call.ts';
import { previousAttributes } from '../api/changes.ts';
import { emit } from '../emit.ts';
import { findCustomer } from '../find-customer.ts';
import { resourceMissing } from '../api/errors.ts';
import { newId, randomText } from '../api/ids.ts';
import { isCreatedIn, listPage } from '../api/list.ts';
import { mergeMetadata } from '../api/metadata.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';
import { searchPage } from '../api/search.ts';
import { findMethodOf } from '../invoices/choose-method.ts';
import { stopCollecting } from '../invoices/stop-collecting.ts';
import { findPaymentMethod } from '../payment-methods/find.ts';
import { attachPaymentMethod } from '../payment-methods/attach.ts';

const changeable = {
  address: param.clearable(param.address).optional(),
  balance: param.integer.optional(),
  business_name: param.ignored,
  cash_balance: param.ignored,
  description: param.clearable(param.text).optional(),
  email: param.clearable(param.limitedText(512)).optional(),
  individual_name: param.ignored,
  invoice_prefix: param.text.optional(),
  invoice_settings: z
    .strictObject({
      custom_fields: param.ignored,
      default_payment_method: param.clearable(param.text).optional(),
      footer: param.clearable(param.text).optional(),
      rendering_options: param.ignored,
    })
    .optional(),
  metadata: param.metadata.optional(),
  name: param.clearable(param.limitedText(256)).optional(),
  next_invoice_sequence: param.positiveInteger.optional(),
  phone: param.clearable(param.limitedText(20)).optional(),
  preferred_locales: param.list(param.text).optional(),
  shipping: param.clearable(param.shipping).optional(),
  source: param.ignored,
  tax: param.ignored,
  tax_exempt: param.clearable(param.oneOf(['exempt', 'none', 'reverse'])).optional(),
  validate: param.ignored,
};

const createShape = {
  ...changeable,
  payment_method: param.text.optional(),
  tax_id_data: param.ignored,
  test_clock: param.ignored,
} satisfies Record<Exclude<keyof Stripe.CustomerCreateParams, 'expand'>, z.ZodType>;

const updateShape = {
  ...changeable,
  default_source: param.ignored,
} satisfies Record<Exclude<keyof Stripe.CustomerUpdateParams, 'expand'>, z.ZodType>;

type Changes = z.infer<z.ZodObject<typeof changeable>>;

const withChanges = (customer: Stripe.Customer, changes: Changes): Stripe.Customer => {
  const kept = <T>(change: T | undefined, current: T): T =>
    change === undefined ? current : change;
  const settings = customer.invoice_settings;
  return {
    ...customer,
    address: kept(changes.address, customer.address ?? null),
    balance: kept(changes.balance, customer.balance),
    description: kept(changes.description, customer.description),
    email: kept(changes.email, customer.email),
    invoice_prefix: kept(changes.invoice_prefix, customer.invoice_prefix ?? null),
    invoice_settings: {
      ...settings,
      default_payment_method: kept(
        changes.invoice_settings?.default_payment_method,
        settings.default_payment_method,
      ),
      footer: kept(changes.invoice_settings?.footer, settings.footer),
    },
    metadata: mergeMetadata(customer.metadata, changes.metadata),
    name: kept(changes.name, customer.name ?? null),
    next_invoice_sequence: kept(changes.next_invoice_sequence, customer.next_invoice_sequence ?? 1),
    phone: kept(changes.phone, customer.phone ?? null),
    preferred_locales: kept(changes.preferred_locales, customer.preferred_locales ?? []),
    shipping: kept(changes.shipping, customer.shipping),
    tax_exempt: kept(changes.tax_exempt, customer.tax_exempt ?? 'none'),
  };
};

const emptyCustomer = (call: Call): Stripe.Customer => ({
  id: newId('cus', 14),
  object: 'customer',
  address: null,
  balance: 0,
  created: call.now,
  currency: null,
  customer_account: null,
  default_source: null,
  delinquent: false,
  description: null,
  discount: null,
  email: null,
  invoice_prefix: randomText(8).toUpperCase(),
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  livemode: false,
  metadata: {},
  name: null,
  next_invoice_sequence: 1,
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
});

const isLiving = (
  customer: Stripe.Customer | Stripe.DeletedCustomer,
): customer is Stripe.Customer => customer.deleted !== true;

const livingCustomers = (call: Call): Stripe.Customer[] =>
  call.state.customers.newestFirst().filter(isLiving);

const defaultMethodParam = 'invoice_settings[default_payment_method]';

const create = (
  call: Call,
  { payment_method: methodId, ...params }: z.infer<z.ZodObject<typeof createShape>>,
): Stripe.Customer => {
  const built = withChanges(emptyCustomer(call), params);
  const method =
    methodId === undefined ? undefined : findPaymentMethod(call, methodId, 'payment_method');
  const wanted = params.invoice_settings?.default_payment_method;
  // A ready-made method stands for a new object, which is the one that is attached here.
  const defaultId = wanted === methodId ? method?.id : wanted;
  const customer: Stripe.Customer = {
    ...built,
    invoice_settings: { ...built.invoice_settings, default_payment_method: defaultId ?? null },
  };
  call.state.customers.put(customer.id, customer);
  emit(call, 'customer.created', customer);
  if (method !== undefined) attachPaymentMethod(call, method, customer.id);
  if (typeof defaultId === 'string') findMethodOf(call, customer.id, defaultId, defaultMethodParam);
  return customer;
};

const retrieve = (call: Call, _: object, id: string) => {
  const customer = call.state.customers.get(id);
  if (customer === undefined) throw resourceMissing('customer', id);
  return customer;
};

const update = (
  call: Call,
  { default_source: _ignored, ...params }: z.infer<z.ZodObject<typeof updateShape>>,
  id: string,
): Stripe.Customer => {
  const before = findCustomer(call, id);
  const defaultId = params.invoice_settings?.default_payment_method;
  if (typeof defaultId === 'string') findMethodOf(call, id, defaultId, defaultMethodParam);
  const customer = withChanges(before, params);
  const previous = previousAttributes(before, customer);
  if (previous === undefined) return before;
  call.state.customers.put(id, customer);
  emit(call, 'customer.updated', customer, previous);
  return customer;
};

const remove = (call: Call, _: object, id: string): Stripe.DeletedCustomer => {
  const customer = findCustomer(call, id);
  const deleted: Stripe.DeletedCustomer = { id, object: 'customer', deleted: true };
  call.state.customers.put(id, deleted);
  for (const method of call.state.paymentMethods.newestFirst()) {
    if (method.customer !== id) continue;
    call.state.paymentMethods.put(method.id, { ...method, customer: null });
  }
  stopCollecting(call, id);
  emit(call, 'customer.deleted', customer);
  return deleted;
};

export const customerRoutes = [
  route('POST', '/v1/customers', createShape, create),
  route(
    'GET',
    '/v1/customers',
    {
      ...param.paging,
      created: param.created.optional(),
      email: param.text.optional(),
      test_clock: param.ignored,
    },
    (call, { created, email, ...paging }) =>
      listPage(
        '/v1/customers',
        livingCustomers(call).filter(
          (customer) =>
            isCreatedIn(customer.created, created) &&
            (email === undefined || customer.email === email),
        ),
        paging,
      ),
  ),
  route('GET', '/v1/customers/search', param.searching, (call, params) =>
    searchPage(
      '/v1/customers/search',
      livingCustomers(call),
      {
        created: ({ created }) => created,
        email: ({ email }) => email,
        name: ({ name }) => name,
        phone: ({ phone }) => phone,
      },
      params,
    ),
  ),
  route('GET', '/v1/customers/:id', {}, retrieve),
  route('POST', '/v1/customers/:id', updateShape, update),
  route('DELETE', '/v1/customers/:id', {}, remove),
];
