import { BitsbyPayment } from '@quittance/contracts/bitsby';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';

const Known = z.looseObject({ payments: z.array(BitsbyPayment).catch([]) });

/** What was found out earlier about an invoice: Bitsby's object as this adapter last gave it. */
export interface KnownObject {
  fields: Readonly<Record<string, unknown>>;
  /** Its payments, in the order in which they became known. */
  payments: readonly BitsbyPayment[];
}

/** @param object JSON text; null where nothing is known yet */
export const readKnown = (object: string | null): KnownObject => {
  const { data } = Known.safeParse(object === null ? {} : parseJson(object));
  const { payments = [], ...fields } = data ?? {};
  return { fields, payments };
};
