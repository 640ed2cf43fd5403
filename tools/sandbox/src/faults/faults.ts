import type { Clock, Logger } from '@quittance/runtime';
import {
  requestFaults,
  webhookFaults,
  type FaultConfig,
  type RequestFault,
  type ScriptedFault,
  type WebhookFault,
} from './fault-config.ts';
import { drawn } from './random.ts';

export interface InjectedFault {
  /** ISO 8601, UTC. */
  at: string;
  ordinal: number;
  fault: ScriptedFault['fault'];
  /** `POST /v1/payment_intents`, or the type of the event. */
  target: string;
  scripted: boolean;
}

/** A config whose seed has been chosen. */
type Settings = FaultConfig & { seed: number };

export interface FaultReport extends Settings {
  /** Calls and webhooks seen since the seed was set: the other half of what decides a fault. */
  ordinals: { requests: number; webhooks: number };
  injected: InjectedFault[];
}

export interface RequestVerdict {
  latencyMs: number;
  fault?: RequestFault;
  /** The `Retry-After` of a rate limit. */
  retryAfterS?: number;
  /** How long after the client has gone away it is carried out, in ms. */
  lateMs?: number;
}

/** Decides what goes wrong. The same config and the same order of calls give the same faults. */
export interface Faults {
  forRequest: (target: string) => RequestVerdict;
  forWebhook: (eventType: string) => WebhookFault | undefined;
  webhookDelayMs: () => number;
  configure: (config: FaultConfig) => void;
  reset: () => void;
  report: () => FaultReport;
}

const keptInLog = 1_000;
const latencyLane = 100;
const undisturbed: RequestVerdict = { latencyMs: 0 };

const patternOf = (match: string): RegExp =>
  new RegExp(
    `^${match
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*')}$`,
  );

/** Starts with `seed` and a plain latency (ms), which is also what `reset` goes back to. */
export const createFaults = ({
  seed: firstSeed,
  latencyMs: baseLatencyMs,
  clock,
  log,
}: {
  seed: number;
  latencyMs: number;
  clock: Clock;
  log: Logger;
}): Faults => {
  const baseline: Settings = {
    seed: firstSeed,
    latency_ms: baseLatencyMs,
    webhook_delay_ms: 2_000,
    probabilities: {},
    script: [],
  };
  let config: Settings = baseline;
  let script: (ScriptedFault & { pattern: RegExp })[] = [];
  let ordinals = { requests: 0, webhooks: 0 };
  let injected: InjectedFault[] = [];
  let steady = true;

  const configure = (next: FaultConfig): void => {
    config = { ...next, seed: next.seed ?? config.seed };
    script = config.script.map((step) => ({ ...step, pattern: patternOf(step.match) }));
    ordinals = { requests: 0, webhooks: 0 };
    injected = [];
    steady =
      config.latency_ms === 0 &&
      Object.values(config.probabilities).every((probability) => probability === 0);
    log.info(
      { seed: config.seed, faults: { ...config.probabilities }, scripted: script.length },
      'faults are decided by this seed',
    );
  };
  configure(baseline);

  const note = (injection: Omit<InjectedFault, 'at'>): void => {
    injected.push({ at: new Date(clock()).toISOString(), ...injection });
    if (injected.length > keptInLog) injected.shift();
    log.debug(injection, 'fault injected');
  };

  const takeScripted = (target: string, kinds: readonly string[]): ScriptedFault | undefined => {
    const step = script.find(({ fault, pattern }) => kinds.includes(fault) && pattern.test(target));
    if (step === undefined) return undefined;
    step.times -= 1;
    if (step.times === 0) script = script.filter((other) => other !== step);
    return step;
  };

  /** The fault that strikes, if any: one from the script, else by chance. */
  const decide = <F extends RequestFault | WebhookFault>(
    kinds: readonly F[],
    firstLane: number,
    ordinal: number,
    target: string,
  ): F | undefined => {
    const step = takeScripted(target, kinds);
    const fault = kinds.find((kind, index) =>
      step === undefined
        ? drawn(config.seed, ordinal, firstLane + index) < (config.probabilities[kind] ?? 0)
        : kind === step.fault,
    );
    if (fault !== undefined) note({ ordinal, fault, target, scripted: step !== undefined });
    return fault;
  };

  const latencyAt = (ordinal: number, target: string): number => {
    const step = takeScripted(target, ['latency']);
    if (step?.fault === 'latency') {
      note({ ordinal, fault: 'latency', target, scripted: true });
      return step.latency_ms;
    }
    const latency = config.latency_ms;
    if (typeof latency === 'number') return latency;
    const span = latency.max - latency.min + 1;
    return latency.min + Math.floor(drawn(config.seed, ordinal, latencyLane) * span);
  };

  const lateAt = (ordinal: number, target: string): number | undefined => {
    const step = takeScripted(target, ['late_after']);
    if (step?.fault !== 'late_after') return undefined;
    note({ ordinal, fault: 'late_after', target, scripted: true });
    return step.late_ms;
  };

  return {
    forRequest: (target) => {
      const ordinal = ordinals.requests++;
      if (steady && script.length === 0) return undisturbed;
      const latencyMs = latencyAt(ordinal, target);
      const lateMs = lateAt(ordinal, target);
      if (lateMs !== undefined) return { latencyMs, lateMs };
      const fault = decide(requestFaults, 0, ordinal, target);
      const retryAfterS = fault === 'rate_limit' ? config.retry_after_s : undefined;
      return {
        latencyMs,
        ...(fault !== undefined && { fault }),
        ...(retryAfterS !== undefined && { retryAfterS }),
      };
    },
    forWebhook: (eventType) => {
      const ordinal = ordinals.webhooks++;
      if (steady && script.length === 0) return undefined;
      return decide(webhookFaults, requestFaults.length, ordinal, eventType);
    },
    webhookDelayMs: () => config.webhook_delay_ms,
    configure,
    reset: () => configure(baseline),
    report: () => ({
      ...config,
      script: script.map(({ pattern: _pattern, ...step }) => step),
      ordinals,
      injected,
    }),
  };
};
