import type { ApiAnswer, ApiRequest } from './emulator.ts';

/** Sees what the emulated providers say, whatever a fault then does to it. Must not throw. */
export interface Observer {
  answered: (emulator: string, request: ApiRequest, answer: ApiAnswer) => void;
  webhookSent: (emulator: string, body: string) => void;
}

export const nobody: Observer = { answered: () => undefined, webhookSent: () => undefined };
