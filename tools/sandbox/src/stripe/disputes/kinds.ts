/** Why and how a bank comes back to a charge. */
export interface DisputeKind {
  reason: string;
  /** An inquiry asks first and takes no money. */
  caseType: 'chargeback' | 'inquiry';
  /** Visa's code of the reason. */
  networkReasonCode: string;
}

export const disputeKinds = {
  fraudulent: { reason: 'fraudulent', caseType: 'chargeback', networkReasonCode: '10.4' },
  inquiry: { reason: 'fraudulent', caseType: 'inquiry', networkReasonCode: '10' },
  product_not_received: {
    reason: 'product_not_received',
    caseType: 'chargeback',
    networkReasonCode: '13.1',
  },
} as const satisfies Record<string, DisputeKind>;

export type DisputeKindName = keyof typeof disputeKinds;
