import { z } from 'zod';
import { PaymentPolicy } from '../domain/policy.ts';
import { flag, integer, notAnObject, oneOf, unlessOneOf } from './fields.ts';

const [absolute, percent] = PaymentPolicy.shape.tolerance.options;
const kinds = [absolute, percent].map(({ shape }) => shape.kind.value);

/** The body of `PUT /v1/policy`, whole. */
export const CanonicalPolicyUpdate = z.strictObject(
  {
    tolerance: z.discriminatedUnion(
      'kind',
      [
        z.strictObject({ kind: absolute.shape.kind, amount: integer(0) }),
        z.strictObject({ kind: percent.shape.kind, basisPoints: integer(0, 10_000) }),
      ],
      { error: unlessOneOf(kinds, 'must be an object with kind') },
    ),
    topUp: flag,
    late: oneOf(PaymentPolicy.shape.late),
  },
  { error: notAnObject('The body must be a JSON object') },
);
export type CanonicalPolicyUpdate = z.output<typeof CanonicalPolicyUpdate>;

/** How the account takes payments that do not fit. */
export const CanonicalPolicy = PaymentPolicy;
export type CanonicalPolicy = PaymentPolicy;
