import type { Stripe } from 'stripe';
import { previousAttributes } from '../api/changes.ts';
import { mergeMetadata } from '../api/metadata.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import type { UpdateParams } from './params.ts';
import { checkOpen, escalateInquiry, isInquiry, loseDispute, winDispute } from './settle.ts';

type Evidence = Stripe.Dispute.Evidence;

const withEvidence = (
  before: Evidence,
  {
    appeal: _appeal,
    enhanced_evidence: _enhanced,
    ...given
  }: NonNullable<UpdateParams['evidence']>,
): Evidence => ({
  ...before,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
});

const hasEvidence = ({ enhanced_evidence: _enhanced, ...evidence }: Evidence): boolean =>
  Object.values(evidence).some((value) => value !== null);

const submitted = (dispute: Stripe.Dispute): Stripe.Dispute => ({
  ...dispute,
  evidence_details: {
    ...dispute.evidence_details,
    submission_count: dispute.evidence_details.submission_count + 1,
    submission_method: 'manual',
  },
  status: isInquiry(dispute) ? 'warning_under_review' : 'under_review',
});

/** Texts that decide the outcome in test mode. Source: https://docs.stripe.com/testing#disputes */
const decisions = new Map<string | null, (call: Call, dispute: Stripe.Dispute) => Stripe.Dispute>([
  ['winning_evidence', winDispute],
  ['losing_evidence', loseDispute],
  [
    'escalate_inquiry_evidence',
    (call, dispute) => (isInquiry(dispute) ? escalateInquiry(call, dispute) : dispute),
  ],
]);

/**
 * Takes evidence and hands it to the bank unless it is only to be kept for later.
 * The answer tells of the review; what the bank decides at once is in the events and in the dispute from then on.
 * @throws StripeError when the dispute is decided.
 */
export const updateDispute = (
  call: Call,
  before: Stripe.Dispute,
  params: UpdateParams,
): Stripe.Dispute => {
  checkOpen(before);
  const evidence = withEvidence(before.evidence, params.evidence ?? {});
  const staged: Stripe.Dispute = {
    ...before,
    evidence,
    evidence_details: { ...before.evidence_details, has_evidence: hasEvidence(evidence) },
    intended_submission_method:
      params.intended_submission_method ?? before.intended_submission_method,
    metadata: mergeMetadata(before.metadata, params.metadata),
  };
  const submits = params.submit ?? params.evidence !== undefined;
  const dispute = submits ? submitted(staged) : staged;
  const previous = previousAttributes(before, dispute);
  if (previous === undefined) return before;
  call.state.disputes.put(dispute.id, dispute);
  emit(call, 'charge.dispute.updated', dispute, previous);
  if (submits) decisions.get(evidence.uncategorized_text)?.(call, dispute);
  return dispute;
};
