/** Public ids, from inclusive, below exclusive. They begin with the time of creation. */
export interface Range {
  from: string;
  below: string;
}

const timeDigits = 12;
const firstIdOf = (iso: string): string =>
  Math.max(0, Date.parse(iso)).toString(16).padStart(timeDigits, '0').padEnd(24, '0');

/** Every public id is at or after the one and before the other. */
const [beforeAll, afterAll] = ['', 'g'] as const;

/** The ids of what was created in a time, and comes after an id where lists are newest first. */
export const createdWithin = (
  { createdFrom, createdTo }: { createdFrom?: string | undefined; createdTo?: string | undefined },
  after: string | null = null,
): Range => {
  const ends = [
    ...(createdTo === undefined ? [] : [firstIdOf(createdTo)]),
    ...(after === null ? [] : [after]),
  ];
  return {
    from: createdFrom === undefined ? beforeAll : firstIdOf(createdFrom),
    below: ends.toSorted()[0] ?? afterAll,
  };
};
