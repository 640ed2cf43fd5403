import type { Validators } from './validators.ts';
import { describeViolations } from './violations.ts';

/** Says what in a body is not as Stripe's types have it; nothing when all is well. */
export type StripeCheck = (body: unknown, options?: { partial?: boolean }) => string[];

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const keyOf = (body: Fields): string => {
  if (body['error'] !== undefined && body['object'] === undefined) return 'error';
  const name = String(body['object']);
  if (name === 'event') return `event:${String(body['type'])}`;
  return body['deleted'] === true ? `deleted:${name}` : name;
};

/** Whatever merchants write themselves. */
const free = new Set(['metadata', 'previous_attributes']);

const isListed = (name: unknown): boolean => name === 'list' || name === 'search_result';

/** The resources within a value, but not those within them. */
function* resourcesIn(value: unknown, path: string): Generator<{ value: Fields; path: string }> {
  if (!isFields(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (free.has(name) || !isFields(inner)) continue;
    const at = `${path}/${name}`;
    if (typeof inner['object'] === 'string' && !isListed(inner['object'])) {
      yield { value: inner, path: at };
    } else {
      yield* resourcesIn(inner, at);
    }
  }
}

export const createStripeCheck = (validatorOf: Validators): StripeCheck => {
  const checkAs = (key: string, body: Fields, path: string, partial: boolean): string[] => {
    const validate = validatorOf(key, partial);
    if (validate === undefined) return [`${path}: Stripe has no ${key}`];
    validate(body);
    return describeViolations(validate.errors ?? [], body, path);
  };

  const checkPrevious = (event: Fields, path: string): string[] => {
    const data = event['data'];
    if (!isFields(data) || !isFields(data['previous_attributes'])) return [];
    const object = isFields(data['object']) ? keyOf(data['object']) : '';
    return checkAs(object, data['previous_attributes'], `${path}/data/previous_attributes`, true);
  };

  const check = (body: unknown, path: string, partial: boolean): string[] => {
    if (!isFields(body) || (body['object'] ?? body['error']) === undefined) {
      return [`${path || 'body'}: expected an object of Stripe's, got ${JSON.stringify(body)}`];
    }
    const key = keyOf(body);
    return [
      ...checkAs(key, body, path === '' ? key : path, partial),
      ...(key.startsWith('event:') ? checkPrevious(body, path === '' ? key : path) : []),
      ...[...resourcesIn(body, path === '' ? key : path)].flatMap((inner) =>
        check(inner.value, inner.path, partial),
      ),
    ];
  };

  return (body, { partial = false } = {}) => check(body, '', partial);
};
