import { z } from 'zod';

/** Faults of an API call, in the order they are tried: at most one strikes a call. */
export const requestFaults = [
  'rate_limit',
  'server_error',
  'server_error_after',
  'drop_before',
  'drop_after',
  'hang_after',
] as const;

/** Faults of a webhook's first delivery, in the order they are tried. */
export const webhookFaults = [
  'webhook_duplicate',
  'webhook_reorder',
  'webhook_delay',
  'webhook_drop',
  'webhook_bad_signature',
] as const;

export type RequestFault = (typeof requestFaults)[number];
export type WebhookFault = (typeof webhookFaults)[number];

const milliseconds = z.number().int().min(0).max(600_000);

const latency = z.union([
  milliseconds,
  z
    .strictObject({ min: milliseconds, max: milliseconds })
    .refine(({ min, max }) => min <= max, 'min must not be above max'),
]);

const times = z.number().int().min(1).max(1_000_000).default(1);

const requestMatch = z
  .string()
  .regex(/^(\*|[A-Z]+) (\*|\/\S*)$/, 'must look like "POST /v1/payment_intents" or "* *"');

/** One-shot faults, taken in order before probabilities are consulted. `*` in a match stands for anything. */
const scripted = z.discriminatedUnion('fault', [
  z.strictObject({ fault: z.enum(requestFaults), match: requestMatch, times }),
  z.strictObject({
    fault: z.literal('latency'),
    match: requestMatch,
    times,
    latency_ms: milliseconds,
  }),
  z.strictObject({
    fault: z.literal('late_after'),
    match: requestMatch,
    times,
    late_ms: milliseconds,
  }),
  z.strictObject({ fault: z.enum(webhookFaults), match: z.string().min(1), times }),
]);

/** The body of `PUT /_sandbox/faults`. */
export const FaultConfig = z.strictObject({
  seed: z.int().optional(),
  latency_ms: latency.default(0),
  webhook_delay_ms: milliseconds.default(2_000),
  /** What a rate limit asks to wait; where absent it asks for nothing. */
  retry_after_s: z.number().int().min(0).max(86_400).optional(),
  probabilities: z
    .partialRecord(z.enum([...requestFaults, ...webhookFaults]), z.number().min(0).max(1))
    .default({}),
  script: z.array(scripted).max(1_000).default([]),
});

export type FaultConfig = z.infer<typeof FaultConfig>;
export type ScriptedFault = z.infer<typeof scripted>;
