import { z } from 'zod';
import { Act } from './act.ts';
import { InvoiceEvent } from './event.ts';
import { Fact } from './observation.ts';

/** How a piece of evidence came to us: as what we asked for, or by itself. */
export const EvidenceSource = z.enum(['open', 'find', 'webhook', 'act', 'refund']);
export type EvidenceSource = z.infer<typeof EvidenceSource>;

/** The evidence behind a change: what it said, in which bytes, when and from where. */
export const ExplainedObservation = z.object({
  evidenceId: z.string(),
  source: EvidenceSource,
  occurredAt: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  facts: z.array(Fact),
  raw: z.string(),
});

/** Why an invoice is where it is: each event with what brought it about and the rule that applied. */
export const Explanation = z.object({
  transitions: z.array(
    InvoiceEvent.extend({
      rule: z.string(),
      observation: ExplainedObservation.nullable(),
      act: Act.nullable(),
    }),
  ),
  /** All that we ourselves did or asked for, oldest first: also what is still pending, its outcome unknown. */
  acts: z.array(Act),
  /** Evidence that changed nothing by itself. */
  otherObservations: z.array(ExplainedObservation),
});
export type Explanation = z.infer<typeof Explanation>;
