import type { Generated } from 'kysely';

/** Times are UTC milliseconds, amounts minor units, JSON is text: the same on SQLite and PostgreSQL. */
export interface Schema {
  accounts: {
    id: Generated<number>;
    name: string;
    policy: string;
    created_at: number;
  };
  users: {
    id: Generated<number>;
    public_id: string;
    account_id: number;
    name: string;
    email: string | null;
    /** Who they are in Telegram. */
    telegram_id: number | null;
    /** Null for a user who has set no PIN. */
    pin_hash: string | null;
    created_at: number;
  };
  /** Wrong PINs since the last right one, for anybody in Telegram, known or not; forgotten after a quiet day. */
  pin_tries: {
    /** Or, of a user who is nobody in Telegram, the user's own id, negative: no Telegram id is. */
    telegram_id: number;
    failures: number;
    locked_until: number | null;
    updated_at: number;
  };
  /** Of each invoice the last payer whose payment was let through. */
  checkouts: {
    invoice_id: number;
    question_id: string;
    payer: string;
    accepted_at: number;
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
  /** Who users are at the providers. One can be several there. */
  customers: {
    user_id: number;
    provider: string;
    ref: string;
    /** 1 for the one who is billed where nobody is named. */
    in_use: number;
  };
  /** An account's shops. */
  projects: {
    id: Generated<number>;
    /** A UUID. */
    public_id: string;
    account_id: number;
    name: string;
    created_at: number;
    updated_at: number;
  };
  /** What projects are at the providers. */
  project_providers: {
    project_id: number;
    provider: string;
    ref: string;
    /** The end of the URL that the provider's webhooks come to: encrypted, and hashed to be found by. */
    webhook_token: string;
    webhook_token_hash: string;
  };
  invoices: {
    id: Generated<number>;
    public_id: string;
    account_id: number;
    user_id: number;
    project_id: number | null;
    provider: string;
    flow: string;
    /** Null for an invoice that was made at the provider itself. */
    options: string | null;
    /** 1 for an invoice made while the providers were emulated. */
    sandbox: number;
    /** The account's policy when the invoice was made: its terms do not change under it. */
    policy: string;
    status: string;
    exception: string;
    status_reason: string | null;
    /** What it was made for; `amount` is what is owed by the newest evidence. */
    asked_amount: number;
    amount: number;
    currency: string;
    received: number;
    refunded: number;
    disputed: string;
    /** Its payments, refunds and disputes. */
    ledger: string;
    item_type: string;
    item_id: string;
    description: string | null;
    /** The merchant's own data. */
    payload: string | null;
    expires_at: number | null;
    provider_ref: string | null;
    /**
     * When opening it was last tried where such a try may come about later; null where none was, or the last one certainly
     * did nothing.
     */
    open_tried_at: number | null;
    /** When the provider was last asked about it because its webhooks prove nothing. */
    looked_at: number | null;
    /** The observation whose provider object is the newest. */
    observation_id: number | null;
    event_count: number;
    created_at: number;
    updated_at: number;
    version: number;
  };
  /** Further ids of the provider that stand for an invoice. */
  invoice_refs: {
    provider: string;
    ref: string;
    invoice_id: number;
  };
  /** The words of each description, for finding invoices by them. */
  invoice_terms: {
    account_id: number;
    term: string;
    public_id: string;
  };
  observations: {
    id: Generated<number>;
    provider: string;
    evidence_id: string;
    ref: string | null;
    /** Other ids that it is about, as a JSON array. */
    aliases: string | null;
    /** What is needed to take in what somebody made at the provider itself, and who is billed. */
    foreign_invoice: string | null;
    customer_ref: string | null;
    /** Null while no invoice of ours has that ref. */
    invoice_id: number | null;
    source: string;
    facts: string;
    provider_data: string | null;
    raw: string | null;
    occurred_at: number;
    received_at: number;
    /** From when on it counted for its invoice; null while it is nobody's. */
    claimed_at: number | null;
  };
  events: {
    position: Generated<number>;
    account_id: number;
    /** Null, like the next two and `status`, for what happened to no invoice. */
    invoice_id: number | null;
    invoice_public_id: string | null;
    seq: number | null;
    type: string;
    status: string | null;
    /** Why it happened, and what brought it about. */
    rule: string;
    /** What an event of something else than an invoice says, as JSON. */
    data: string | null;
    observation_id: number | null;
    act_id: number | null;
    occurred_at: number;
  };
  /** What we ourselves did or asked for. */
  acts: {
    id: Generated<number>;
    account_id: number;
    invoice_id: number;
    kind: string;
    /** The provider's idempotency key of it. */
    key: string;
    amount: number | null;
    /** What the provider has to know to do it. */
    detail: string | null;
    reason: string | null;
    /** `pending` until there is evidence of what came of it, then `done` or `refused`. */
    state: string;
    /** What it made at the provider. */
    provider_ref: string | null;
    message: string | null;
    made_at: number;
    settled_at: number | null;
  };
  idempotency_records: {
    user_id: number;
    key: string;
    request_hash: string;
    /** What the answer is about: `invoice:17`, `act:5`. */
    subject: string;
    /** The answer as JSON; null until there is one. */
    outcome: string | null;
    created_at: number;
  };
  /** Where an account's events are sent. */
  endpoints: {
    id: Generated<number>;
    public_id: string;
    account_id: number;
    /** Null for the events of all of the account's invoices. */
    project_id: number | null;
    url: string;
    description: string | null;
    /** A JSON array; null for all. */
    event_types: string | null;
    /** Name and value of each, encrypted JSON. */
    headers: string;
    header_names: string;
    ordered: number;
    format: string;
    retries: string;
    /** Why it gets nothing; null for one that does. */
    disabled: string | null;
    /** Since when every try has failed; null after one that has not. */
    failing_since: number | null;
    /** Until when it has asked not to be called. */
    throttled_until: number | null;
    created_at: number;
    updated_at: number;
  };
  /** Every secret that still signs. */
  endpoint_secrets: {
    id: Generated<number>;
    endpoint_id: number;
    /** Encrypted. */
    secret: string;
    created_at: number;
    /** Null for the newest. */
    expires_at: number | null;
  };
  /** What endpoints are sent of an event, made in its transaction when somebody is to be sent it. */
  webhook_messages: {
    position: number;
    format: string;
    body: string;
  };
  /** An event for an endpoint. */
  deliveries: {
    id: Generated<number>;
    public_id: string;
    account_id: number;
    endpoint_id: number;
    position: number;
    type: string;
    invoice_id: number | null;
    invoice_public_id: string | null;
    state: string;
    /** Of all times. */
    attempts: number;
    /** Since it was made, or last replayed: where it is in its schedule. */
    tries: number;
    next_attempt_at: number | null;
    created_at: number;
    settled_at: number | null;
  };
  attempts: {
    id: Generated<number>;
    delivery_id: number;
    attempted_at: number;
    duration_ms: number;
    result: string;
    http_status: number | null;
    response_headers: string;
    response_body: string | null;
    error: string | null;
  };
  /** When a lane of calls that are spaced has its next turn. */
  lanes: {
    lane: string;
    next_at: number;
  };
  jobs: {
    kind: string;
    key: string;
    payload: string;
    run_at: number;
    /** When to run after the run under way, if that was asked for meanwhile. */
    again_at: number | null;
    /** Who holds it; null, like `leased_until`, when nobody does. */
    lease_token: string | null;
    leased_until: number | null;
    attempts: number;
    last_error_code: string | null;
    last_error_message: string | null;
    created_at: number;
  };
}
