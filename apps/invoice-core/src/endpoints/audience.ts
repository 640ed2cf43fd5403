import { WebhookFormat } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { asksFor, type EndpointRow } from './endpoint-rows.ts';

/** What an event is about: an invoice, whose flow is null for an event of an endpoint. */
export interface About {
  type: string;
  flow: string | null;
  project_id: number | null;
}

/** The one event that Bitsby's own webhooks tell of. */
const paid = 'invoice.paid';

/** What a format has words for. */
const canTell: Record<WebhookFormat, (about: About) => boolean> = {
  standard: () => true,
  bitsby: ({ type, flow, project_id }) =>
    type === paid && flow === 'bitsby.invoice' && project_id !== null,
};

export const formatOf = ({ format }: Pick<EndpointRow, 'format'>): WebhookFormat =>
  WebhookFormat.parse(format);

/** Whether an endpoint is to be told of an event. One of a project is told of that project's invoices alone. */
export const isTold = (
  endpoint: Pick<EndpointRow, 'event_types' | 'project_id' | 'format'>,
  about: About,
): boolean =>
  asksFor(endpoint, about.type) &&
  (endpoint.project_id === null || endpoint.project_id === about.project_id) &&
  canTell[formatOf(endpoint)](about);

/** @throws DomainError `invalid_request` for what an endpoint would never be told anything with */
export const assertTellable = (
  format: WebhookFormat,
  eventTypes: readonly string[] | null | undefined,
): void => {
  if (format === 'standard' || !eventTypes || eventTypes.includes(paid)) return;
  throw new DomainError(
    'invalid_request',
    `must have ${paid}, of which alone format bitsby tells`,
    {
      param: 'eventTypes',
    },
  );
};
