interface Lane {
  running: number;
  /** In order of arrival. */
  waiting: Set<() => void>;
}

/** Lets at most `width` tasks of one key run at a time; the others wait, and no key waits for another. */
export const createLanes = (width: number) => {
  const lanes = new Map<string, Lane>();

  const leave = (key: string, lane: Lane): void => {
    const [next] = lane.waiting;
    if (next !== undefined) {
      lane.waiting.delete(next);
      next();
      return;
    }
    lane.running -= 1;
    if (lane.running === 0) lanes.delete(key);
  };

  /** Resolves with the function that gives the place back. */
  return async (key: string): Promise<() => void> => {
    const lane = lanes.get(key) ?? { running: 0, waiting: new Set() };
    lanes.set(key, lane);
    if (lane.running < width) lane.running += 1;
    else await new Promise<void>((resolve) => lane.waiting.add(resolve));
    return () => leave(key, lane);
  };
};
