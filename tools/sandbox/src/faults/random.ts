const mix = (value: number): number => {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
};

/**
 * A number in [0, 1) that depends on nothing but its arguments, so that a run can be replayed.
 * `lane` gives each kind of fault a draw of its own: changing one probability moves no other fault.
 */
export const drawn = (seed: number, ordinal: number, lane: number): number =>
  (mix(mix(mix(seed + 0x9e3779b9) ^ ordinal) ^ Math.imul(lane + 1, 0x27d4eb2f)) >>> 0) / 2 ** 32;
