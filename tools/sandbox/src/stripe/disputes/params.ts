import type { Stripe } from 'stripe';
import { z } from 'zod';
import * as param from '../api/params.ts';

const text = param.clearable(param.limitedText(20_000)).optional();

/** Ids of files are taken as they are: files are not emulated. */
const evidenceShape = {
  access_activity_log: text,
  appeal: param.ignored,
  billing_address: text,
  cancellation_policy: text,
  cancellation_policy_disclosure: text,
  cancellation_rebuttal: text,
  customer_communication: text,
  customer_email_address: text,
  customer_name: text,
  customer_purchase_ip: text,
  customer_signature: text,
  duplicate_charge_documentation: text,
  duplicate_charge_explanation: text,
  duplicate_charge_id: text,
  enhanced_evidence: param.ignored,
  product_description: text,
  receipt: text,
  refund_policy: text,
  refund_policy_disclosure: text,
  refund_refusal_explanation: text,
  service_date: text,
  service_documentation: text,
  shipping_address: text,
  shipping_carrier: text,
  shipping_date: text,
  shipping_documentation: text,
  shipping_tracking_number: text,
  uncategorized_file: text,
  uncategorized_text: text,
} satisfies Record<keyof Stripe.DisputeUpdateParams.Evidence, z.ZodType>;

export const updateShape = {
  evidence: z.strictObject(evidenceShape).optional(),
  intended_submission_method: param
    .oneOf(['manual', 'prefer_manual', 'prefer_smart_disputes', 'smart_disputes'])
    .optional(),
  metadata: param.metadata.optional(),
  submit: param.boolean.optional(),
} satisfies Record<Exclude<keyof Stripe.DisputeUpdateParams, 'expand'>, z.ZodType>;

export const listShape = {
  ...param.paging,
  charge: param.text.optional(),
  created: param.created.optional(),
  payment_intent: param.text.optional(),
} satisfies Record<Exclude<keyof Stripe.DisputeListParams, 'expand'>, z.ZodType>;

export type UpdateParams = z.infer<z.ZodObject<typeof updateShape>>;
