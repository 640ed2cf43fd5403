import type { PendingUpdate, TelegramState } from '../state.ts';

interface Lane {
  /** Keys of updates, oldest first. */
  keys: string[];
  /** Whether its first update is under way or held back. */
  busy: boolean;
}

/** The head of a lane: what may be sent next of a queue. */
export interface Head {
  lane: string;
  key: string;
  update: PendingUpdate;
}

/** Updates of one bot's webhook by queue. Of each queue only the first may be sent. */
export const createLanes = ({ updates }: Pick<TelegramState, 'updates'>) => {
  const lanes = new Map<string, Lane>();

  const headOf = (name: string, lane: Lane): Head | undefined => {
    for (;;) {
      const [key] = lane.keys;
      if (key === undefined) return undefined;
      const update = updates.get(key);
      if (update !== undefined) return { lane: name, key, update };
      lane.keys.shift();
    }
  };

  return {
    add: (name: string, key: string): void => {
      const lane = lanes.get(name);
      if (lane === undefined) lanes.set(name, { keys: [key], busy: false });
      else lane.keys.push(key);
    },
    /** The heads of all lanes that are not busy. */
    heads: (): Head[] => {
      const heads: Head[] = [];
      for (const [name, lane] of lanes) {
        if (lane.busy) continue;
        const head = headOf(name, lane);
        if (head === undefined) lanes.delete(name);
        else heads.push(head);
      }
      return heads;
    },
    occupy: (name: string): void => {
      const lane = lanes.get(name);
      if (lane !== undefined) lane.busy = true;
    },
    free: (name: string): void => {
      const lane = lanes.get(name);
      if (lane !== undefined) lane.busy = false;
    },
    /** Lets those behind the first update of a lane go past it: from now on it has a lane of its own, which is busy. */
    setAside: ({ lane: from, key }: Head): string => {
      const own = `aside:${key}`;
      lanes.get(from)?.keys.shift();
      lanes.set(own, { keys: [key], busy: true });
      return own;
    },
  };
};

export type Lanes = ReturnType<typeof createLanes>;
