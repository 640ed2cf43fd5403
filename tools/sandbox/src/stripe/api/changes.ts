const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const same = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

const changedIn = (
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> => {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed: Record<string, unknown> = {};
  for (const name of names) {
    const [old, now] = [before[name], after[name]];
    if (same(old, now)) continue;
    changed[name] = isRecord(old) && isRecord(now) ? changedIn(old, now) : (old ?? null);
  }
  return changed;
};

const fieldsOf = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value));

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every value is the one that `before` had, whole or narrowed to its changed fields
const asPartial = <T>(changed: Record<string, unknown>): Partial<T> => changed as Partial<T>;

/** What `before` had where `after` differs: an event's `previous_attributes`. Undefined when nothing changed. */
export const previousAttributes = <T extends object>(
  before: T,
  after: T,
): Partial<T> | undefined => {
  const changed = changedIn(fieldsOf(before), fieldsOf(after));
  return Object.keys(changed).length === 0 ? undefined : asPartial<T>(changed);
};
