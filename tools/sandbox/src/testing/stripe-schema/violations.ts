import type { ErrorObject } from 'ajv';

const valueAt = (body: unknown, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined,
      body,
    );

const shortened = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
};

const expected = ({ keyword, message, params }: ErrorObject): string => {
  const fact = (name: string): string => String(Reflect.get(params, name));
  switch (keyword) {
    case 'additionalProperties':
      return `expected no field ${fact('additionalProperty')}, which Stripe does not have`;
    case 'required':
      return `expected the field ${fact('missingProperty')}`;
    case 'enum':
      return `expected one of ${shortened(Reflect.get(params, 'allowedValues'))}`;
    case 'const':
      return `expected ${JSON.stringify(Reflect.get(params, 'allowedValue'))}`;
    case 'type':
      return `expected ${fact('type').replaceAll(',', ' or ')}`;
    default:
      return message ?? keyword;
  }
};

/** Of the alternatives of a union, those that the value was not meant to be say nothing. */
const isNoise = (error: ErrorObject, all: readonly ErrorObject[]): boolean => {
  if (error.keyword === 'anyOf') return all.length > 1;
  if (error.keyword !== 'type') return false;
  return all.some(
    (other) =>
      other.instancePath.startsWith(`${error.instancePath}/`) ||
      (other.instancePath === error.instancePath && !['anyOf', 'type'].includes(other.keyword)),
  );
};

/** What a field too many or too few holds, rather than all that is beside it. */
const fieldOf = ({ params }: ErrorObject): string => {
  const name: unknown =
    Reflect.get(params, 'additionalProperty') ?? Reflect.get(params, 'missingProperty');
  return typeof name === 'string' ? `/${name}` : '';
};

/** One line for each error: where, what was expected, and what was there. */
export const describeViolations = (
  errors: readonly ErrorObject[],
  body: unknown,
  at: string,
): string[] =>
  errors
    .filter((error) => !isNoise(error, errors))
    .map((error) => {
      const got = shortened(valueAt(body, `${error.instancePath}${fieldOf(error)}`));
      return `${at}${error.instancePath}: ${expected(error)}, got ${got}`;
    });
