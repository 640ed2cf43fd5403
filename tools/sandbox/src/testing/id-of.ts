/** The id of a reference that was or was not expanded. Fails when there is none. */
export const idOf = (reference: string | { id: string } | null | undefined): string => {
  if (reference === null || reference === undefined) throw new Error('There is no reference');
  return typeof reference === 'string' ? reference : reference.id;
};
