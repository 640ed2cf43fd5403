/** By code units: the same everywhere. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
