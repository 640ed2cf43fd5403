import type { z } from 'zod';
import { invalidRequest, type StripeError } from './errors.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** `['automatic_payment_methods', 'enabled']` is `automatic_payment_methods[enabled]`. */
const paramName = ([first, ...rest]: Path): string =>
  `${String(first)}${rest.map((part) => `[${String(part)}]`).join('')}`;

const valueAt = (raw: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined,
    raw,
  );

const unknownParameters = (names: string[]): StripeError =>
  invalidRequest(`Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`, {
    code: 'parameter_unknown',
    ...(names[0] === undefined ? {} : { param: names[0] }),
  });

const emptyParameter = (name: string): StripeError =>
  invalidRequest(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
    { code: 'parameter_invalid_empty', param: name },
  );

const wrongType = (issue: Extract<Issue, { code: 'invalid_type' }>, value: unknown): string => {
  const wanted = issue.expected === 'record' ? 'object' : issue.expected;
  return `Invalid ${wanted}${typeof value === 'string' ? `: ${value}` : ''}`;
};

const fromIssue = (issue: Issue, path: Path, raw: unknown): StripeError => {
  const name = paramName(path);
  const value = valueAt(raw, path);
  if (issue.code === 'unrecognized_keys') {
    return unknownParameters(issue.keys.map((key) => paramName([...path, key])));
  }
  if (value === undefined) {
    return invalidRequest(`Missing required param: ${name}.`, {
      code: 'parameter_missing',
      param: name,
    });
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.at(-1)?.[0];
    if (inner !== undefined) return fromIssue(inner, [...path, ...inner.path], raw);
  }
  if (issue.code === 'custom') {
    const code: unknown = issue.params?.['code'];
    if (code === 'parameter_invalid_empty') return emptyParameter(name);
    const details = typeof code === 'string' ? { code } : {};
    return invalidRequest(issue.message, { ...details, param: name });
  }
  if (issue.code === 'invalid_type') {
    return invalidRequest(wrongType(issue, value), { param: name });
  }
  if (issue.code === 'too_big') {
    return invalidRequest(`Invalid string: must be at most ${issue.maximum} characters`, {
      param: name,
    });
  }
  return invalidRequest(`Invalid ${name}: ${issue.message}`, { param: name });
};

/** Stripe reports one parameter at a time: the first that is wrong. */
export const toParameterError = (error: z.ZodError, raw: unknown): StripeError => {
  const [issue] = error.issues;
  return issue === undefined ? invalidRequest(error.message) : fromIssue(issue, issue.path, raw);
};
