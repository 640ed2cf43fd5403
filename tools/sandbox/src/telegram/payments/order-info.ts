import type { OrderInfo } from 'grammy/types';
import type { Person, StoredInvoice } from '../state.ts';

/** What a person of the sandbox fills in where an invoice asks for it. */
export const orderInfoOf = (person: Person, { needs }: StoredInvoice): OrderInfo | undefined => {
  const info: OrderInfo = {
    ...(needs.name && { name: [person.first_name, person.last_name].join(' ').trim() }),
    ...(needs.phoneNumber && { phone_number: '15550100' }),
    ...(needs.email && { email: `user${person.id}@example.org` }),
    ...(needs.shippingAddress && {
      shipping_address: {
        country_code: 'GB',
        state: '',
        city: 'London',
        street_line1: '221B Baker Street',
        street_line2: '',
        post_code: 'NW1 6XE',
      },
    }),
  };
  return Object.keys(info).length === 0 ? undefined : info;
};
