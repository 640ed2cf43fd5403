import type { Request } from '../processes/http.ts';

/** What is measured: running processes and the request to load them with. */
export interface Subject {
  request: Request;
  /** The processes whose CPU and memory are the subject's own. */
  pids: readonly number[];
  emulatorPids: readonly number[];
}
