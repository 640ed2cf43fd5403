/** The part of autocannon that the benchmark uses; it brings no types of its own. */
declare module 'autocannon' {
  interface Options {
    url: string;
    method: 'POST';
    headers: Record<string, string>;
    body: string;
    connections: number;
    amount: number;
    sampleInt: number;
  }

  interface Result {
    errors: number;
    non2xx: number;
    statusCodeStats: Record<string, { count: number }>;
  }

  interface Run {
    on: (
      event: 'response',
      listener: (client: unknown, status: number, bytes: number, milliseconds: number) => void,
    ) => Run;
    stop: () => void;
  }

  const autocannon: (options: Options, done: (error: Error | null, result: Result) => void) => Run;
  export = autocannon;
}
