import type { IncomingHttpHeaders } from 'node:http';

/** One API call as it came over the wire, the body still raw. */
export interface ApiRequest {
  method: string;
  path: string;
  /** The query string without its `?`. */
  query: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Where the client reached the sandbox, e.g. `http://127.0.0.1:3100`. */
  origin: string;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What the emulator itself must do wrong; faults of the connection are none of its business. */
export interface Disturbance {
  /** Time that the provider "works" on the call, with its locks held. */
  delay?: () => Promise<void>;
  fault?: 'rate_limit' | 'server_error' | 'server_error_after';
  /** Seconds that a rate limit asks to wait; it is in the answer's headers anyway. */
  retryAfterS?: number;
}

/** The port that every emulated provider implements. It answers at the real host's paths. */
export interface Emulator {
  name: string;
  owns: (path: string) => boolean;
  answer: (request: ApiRequest, disturbance: Disturbance) => Promise<ApiAnswer>;
  /** Stops background work; what is pending stays in the state. */
  close: () => Promise<void>;
}
