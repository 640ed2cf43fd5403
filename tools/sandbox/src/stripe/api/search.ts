import { invalidRequest } from './errors.ts';

type Field = string | number | boolean | null | undefined;

export interface Searchable {
  object: string;
  metadata: Record<string, string>;
}

interface Clause {
  field: string;
  metadataKey: string | undefined;
  operator: string;
  value: string;
  negated: boolean;
}

const clausePattern =
  /^\s*(-?)([a-z_]+)(?:\[(?:"([^"]*)"|'([^']*)')\])?\s*(:|~|>=|<=|>|<)\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(-?\d+|null))\s*/;

const malformed = (query: string) =>
  invalidRequest(
    `We were unable to parse your search query '${query}'. See https://stripe.com/docs/search#search-query-language for the query language.`,
    { param: 'query' },
  );

/** Parses `email:'x' AND metadata['k']:'v'`; clauses are joined by AND or by OR, never by both, as at Stripe. */
const parseQuery = (query: string): { clauses: Clause[]; any: boolean } => {
  const clauses: Clause[] = [];
  const joints = new Set<string>();
  let rest = query;
  for (;;) {
    const match = clausePattern.exec(rest);
    if (match === null) throw malformed(query);
    const [whole, minus, field = '', double, single, operator = '', quoted, quotedOnce, bare] =
      match;
    clauses.push({
      field,
      metadataKey: double ?? single,
      operator,
      value: (quoted ?? quotedOnce ?? bare ?? '').replaceAll(/\\(.)/g, '$1'),
      negated: minus === '-',
    });
    rest = rest.slice(whole.length);
    if (rest === '') break;
    const joint = /^(AND|OR)\b/i.exec(rest)?.[0];
    // Two clauses side by side are joined by AND.
    joints.add(joint?.toUpperCase() ?? 'AND');
    rest = rest.slice(joint?.length ?? 0);
  }
  if (joints.size > 1) throw malformed(query);
  return { clauses, any: joints.has('OR') };
};

const compare = (value: Field, operator: string, wanted: string): boolean => {
  if (value === null || value === undefined) return operator === ':' && wanted === 'null';
  switch (operator) {
    case ':':
      return String(value).toLowerCase() === wanted.toLowerCase();
    case '~':
      return String(value).toLowerCase().includes(wanted.toLowerCase());
    case '>':
      return Number(value) > Number(wanted);
    case '>=':
      return Number(value) >= Number(wanted);
    case '<':
      return Number(value) < Number(wanted);
    default:
      return Number(value) <= Number(wanted);
  }
};

/** One page of the items that match, newest first. `fields` are those that Stripe documents for the resource. */
export const searchPage = <T extends Searchable>(
  url: string,
  items: T[],
  fields: Record<string, (item: T) => Field>,
  { query, limit, page }: { query: string; limit: number; page?: string | undefined },
) => {
  const { clauses, any } = parseQuery(query);
  const tests = clauses.map(({ field, metadataKey, operator, value, negated }) => {
    const read =
      field === 'metadata' && metadataKey !== undefined
        ? (item: T) => item.metadata[metadataKey]
        : fields[field];
    if (read === undefined) {
      throw invalidRequest(
        `Field \`${field}\` is an unsupported search field for resource \`${url.split('/')[2]}\`.`,
        { param: 'query' },
      );
    }
    return (item: T) => compare(read(item), operator, value) !== negated;
  });
  const found = items.filter((item) =>
    any ? tests.some((test) => test(item)) : tests.every((test) => test(item)),
  );
  const start = page === undefined ? 0 : Number(page);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw invalidRequest('Invalid page token.', { param: 'page' });
  }
  const end = start + limit;
  const hasMore = found.length > end;
  return {
    object: 'search_result',
    data: found.slice(start, end),
    has_more: hasMore,
    next_page: hasMore ? String(end) : null,
    url,
  };
};
