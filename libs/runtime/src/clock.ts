/** The time, injected wherever it matters so that tests and the sandbox can move it. Returns UTC milliseconds. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
