/** The id that a field refers to; the state holds ids, the SDK's types allow the expanded object too. Empty for none. */
export const referredId = (reference: string | { id: string } | null | undefined): string =>
  typeof reference === 'string' ? reference : (reference?.id ?? '');
