/** Work under way in this process, so that everyone who wants the same thing done shares one doing of it. */
export interface Joins<T> {
  isUnderWay: (id: number) => boolean;
  /** Joins the work under way, or starts it. */
  join: (id: number, work: () => Promise<T>) => Promise<T>;
  /** Resolves when none is under way. */
  idle: () => Promise<void>;
}

export const createJoins = <T>(): Joins<T> => {
  const underWay = new Map<number, Promise<T>>();
  return {
    isUnderWay: (id) => underWay.has(id),
    join: (id, work) => {
      const current = underWay.get(id);
      if (current) return current;
      const started = work().finally(() => underWay.delete(id));
      underWay.set(id, started);
      return started;
    },
    idle: async () => {
      await Promise.allSettled(underWay.values());
    },
  };
};
