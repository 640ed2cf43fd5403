import type { AccountEvent, Act, Delivery, Endpoint, InvoiceEvent } from '@quittance/contracts';
import type {
  CanonicalAccountEvent,
  CanonicalDelivery,
  CanonicalEndpoint,
  CanonicalEvent,
  CanonicalRefunded,
} from '@quittance/contracts/canonical';

export const toCanonicalRefund = ({ kind: _kind, ...same }: Act): CanonicalRefunded['refund'] =>
  same;

export const toCanonicalEvent = ({
  position,
  invoicePublicId: invoiceId,
  invoiceId: invoiceNumber,
  seq,
  type,
  status,
  occurredAt,
}: InvoiceEvent): CanonicalEvent => ({
  version: 1,
  position,
  invoiceId,
  invoiceNumber,
  seq,
  type,
  status,
  occurredAt,
});

export const toCanonicalAccountEvent = (event: AccountEvent): CanonicalAccountEvent =>
  event.type === 'endpoint.disabled' ? { version: 1, ...event } : toCanonicalEvent(event);

export const toCanonicalEndpoint = ({
  accountId: _accountId,
  disabled,
  failingSince,
  createdAt,
  updatedAt,
  ...same
}: Endpoint): CanonicalEndpoint => ({
  ...same,
  enabled: disabled === null,
  disabledReason: disabled,
  failingSince,
  createdAt,
  updatedAt,
});

export const toCanonicalDelivery = ({
  invoicePublicId: invoiceId,
  state: status,
  attempts,
  nextAttemptAt,
  createdAt,
  settledAt,
  ...same
}: Delivery): CanonicalDelivery => ({
  ...same,
  invoiceId,
  status,
  attempts,
  nextAttemptAt,
  createdAt,
  settledAt,
});
