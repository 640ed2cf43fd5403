import Database from 'better-sqlite3';
import { createRandom } from './random.ts';

export const accountId = 1;
export const userIds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
export const startMs = Date.UTC(2024, 0, 1);
export const spanMs = 730 * 24 * 3600 * 1000;

const accounts = 20;
const batch = 20_000;
const vocabulary = 2000;

/** By how common they are: most invoices end paid, some by expiry, few otherwise. */
const statuses = [
  ['paid', 0.7],
  ['expired', 0.15],
  ['pending', 0.08],
  ['refunded', 0.04],
  ['failed', 0.02],
  ['partially_paid', 0.01],
] as const;

/** The public id of the time at this share (0 to 1) of the whole, and no invoice's own. */
export const idAt = (share: number): string =>
  Math.round(startMs + spanMs * share)
    .toString(16)
    .padStart(12, '0')
    .padEnd(24, '0');

const pickStatus = (share: number): string => {
  let sum = 0;
  for (const [status, part] of statuses) {
    sum += part;
    if (share < sum) return status;
  }
  return 'paid';
};

/** Small numbers far more often than large ones, as with words, users and items. */
const skewed = (random: () => number, count: number): number => Math.floor(count * random() ** 3);

const providerObject = (publicId: string, amount: number): string =>
  JSON.stringify({
    id: `pi_${publicId}`,
    object: 'payment_intent',
    amount,
    currency: 'usd',
    client_secret: `pi_${publicId}_secret_${publicId}`,
    metadata: { invoice_id: publicId },
    payment_method_types: ['card'],
    status: 'succeeded',
  });

const policy = '{"tolerance":{"kind":"absolute","amount":0},"topUp":true,"late":"accept"}';
const ledger =
  '{"accepted":0,"settled":false,"progress":null,"payments":[],"refunds":[],"disputes":[]}';

const inserts = {
  account: `insert into accounts (id, name, policy, created_at) values (?, 'Bench', '{}', 0)`,
  user: `insert into users (id, public_id, account_id, name, created_at) values (?, ?, ?, 'Ada', 0)`,
  observation: `insert into observations (id, provider, evidence_id, source, facts, provider_data, occurred_at, received_at)
    values (?, 'stripe', ?, 'open', '[]', ?, ?, ?)`,
  invoice: `insert into invoices (id, public_id, account_id, user_id, provider, flow, options, sandbox, policy, status,
    exception, asked_amount, amount, currency, received, refunded, disputed, ledger, item_type, item_id, description,
    observation_id, event_count, created_at, updated_at, version)
    values (?, ?, ?, ?, 'stripe', 'stripe.payment_intent', '{}', 1, '${policy}', ?,
    'none', ?, ?, 'USD', 0, 0, 'none', '${ledger}', 'product', ?, ?, ?, 2, ?, ?, 2)`,
  term: `insert into invoice_terms (account_id, term, public_id) values (?, ?, ?)`,
} as const;

/**
 * Fills a migrated database with invoices of two years: nine of ten are the measured account's. The same number of
 * invoices is the same database, and the shares are the same for any number.
 */
export const seedInvoices = (file: string, invoices: number): void => {
  const database = new Database(file);
  database.pragma('synchronous = off');
  database.pragma('cache_size = -1000000');
  const [account, user, observation, invoice, term] = [
    database.prepare(inserts.account),
    database.prepare(inserts.user),
    database.prepare(inserts.observation),
    database.prepare(inserts.invoice),
    database.prepare(inserts.term),
  ];
  const random = createRandom(1);

  const insertInvoice = (id: number): void => {
    const createdAt = Math.round(startMs + (spanMs * id) / invoices);
    const tail = Math.floor(random() * 2 ** 48).toString(16);
    const publicId = createdAt.toString(16).padStart(12, '0') + tail.padStart(12, '0');
    const own = random() < 0.9;
    const owner = own ? accountId : 2 + Math.floor(random() * (accounts - 1));
    const userId = own ? 1 + skewed(random, userIds.length) : userIds.length + owner;
    // From 1 to 1000 USD, the small ones more often.
    const amount = Math.round(100 * 1000 ** random());
    const words = new Set([0, 0, 0].map(() => `word${skewed(random, vocabulary)}`));
    const terms = ['order', String(100_000 + id), ...words];
    observation.run(id, publicId, providerObject(publicId, amount), createdAt, createdAt);
    invoice.run(
      id,
      publicId,
      owner,
      userId,
      pickStatus(random()),
      amount,
      amount,
      String(skewed(random, 200)),
      terms.join(' '),
      id,
      createdAt,
      createdAt,
    );
    for (const one of terms) term.run(owner, one, publicId);
  };

  database.transaction(() => {
    for (let id = 1; id <= accounts; id += 1) account.run(id);
    for (const id of userIds) user.run(id, `user${id}`, accountId);
    for (let owner = 2; owner <= accounts; owner += 1) {
      user.run(userIds.length + owner, `other${owner}`, owner);
    }
  })();
  const insertBatch = database.transaction((first: number) => {
    const last = Math.min(invoices, first + batch - 1);
    for (let id = first; id <= last; id += 1) insertInvoice(id);
  });
  for (let first = 1; first <= invoices; first += batch) insertBatch(first);
  database.pragma('wal_checkpoint(truncate)');
  database.close();
};
