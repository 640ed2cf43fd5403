import type { Generated } from 'kysely';

/** Times are UTC milliseconds, amounts minor units, JSON is text: the same on SQLite and PostgreSQL. */
export interface Schema {
  accounts: {
    id: Generated<number>;
    name: string;
    created_at: number;
  };
  users: {
    id: Generated<number>;
    public_id: string;
    account_id: number;
    name: string;
    email: string | null;
    created_at: number;
  };
  api_keys: {
    id: Generated<number>;
    prefix: string;
    hash: string;
    account_id: number;
    user_id: number;
    scopes: string;
    created_at: number;
    revoked_at: number | null;
  };
  customers: {
    user_id: number;
    provider: string;
    ref: string;
  };
  invoices: {
    id: Generated<number>;
    public_id: string;
    account_id: number;
    user_id: number;
    provider: string;
    flow: string;
    options: string;
    status: string;
    exception: string;
    status_reason: string | null;
    amount: number;
    currency: string;
    received: number;
    refunded: number;
    item_type: string;
    item_id: string;
    description: string | null;
    provider_ref: string | null;
    /** The observation whose provider object is the newest. */
    observation_id: number | null;
    event_count: number;
    open_attempts: number;
    open_due_at: number;
    created_at: number;
    updated_at: number;
    version: number;
  };
  observations: {
    id: Generated<number>;
    provider: string;
    evidence_id: string;
    ref: string | null;
    /** Null while no invoice of ours has that ref. */
    invoice_id: number | null;
    source: string;
    facts: string;
    provider_data: string | null;
    raw: string | null;
    occurred_at: number;
    received_at: number;
  };
  events: {
    position: Generated<number>;
    account_id: number;
    invoice_id: number;
    seq: number;
    type: string;
    status: string;
    occurred_at: number;
  };
  idempotency_records: {
    user_id: number;
    key: string;
    request_hash: string;
    invoice_id: number;
    /** The answer as JSON; null until there is one. */
    outcome: string | null;
    created_at: number;
  };
}
