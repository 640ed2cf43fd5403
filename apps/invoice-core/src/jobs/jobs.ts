import type { z } from 'zod';
import type { Transaction } from '../store/store.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** What a set of jobs is typed by: each kind with its payload, which is plain JSON data. */
export type Payloads = object;

export type KindOf<P extends Payloads> = keyof P & string;

export interface JobId<Kind extends string = string> {
  kind: Kind;
  /** What the job is about, one job for each key of a kind. */
  key: string;
}

export interface ScheduledJob<Kind extends string, Payload> extends JobId<Kind> {
  /** UTC ms. */
  runAt: number;
  payload: Payload;
  /**
   * What becomes of the time of a job that is there already: `replace` (the default) moves it, `earliest` moves it
   * only forward. The payload is replaced in both.
   */
  ifScheduled?: 'replace' | 'earliest';
}

/** A job in the hands of its handler. */
export interface Job<Payload> extends JobId {
  payload: Payload;
  /** When it was due, UTC ms. */
  runAt: number;
  /** 1 for the first run since one that ended well; runs cut off by a crash count. */
  attempt: number;
}

/** When to run again, UTC ms. */
export interface RunAgain {
  runAt: number;
}

export interface Lease {
  /** When others may take the job over, UTC ms. */
  until: number;
  /**
   * Ends the job within the handler's own transaction: gone, or to be run again. Nothing of the transaction is left
   * if the job has been removed or taken over since.
   * @throws LeaseLostError
   */
  settle: (tx: Transaction, again?: RunAgain) => Promise<void>;
}

export interface JobHandler<Payload> {
  payload: z.ZodType<Payload>;
  /**
   * Does the work; the job is then gone, or run again when this says so. What it throws puts the job off, at least for
   * as long as a DomainError says by its `retryAfterMs`. It must bound its own waits and find out from state whether there is still
   * something to do.
   */
  run: (job: Job<Payload>, lease: Lease) => Promise<RunAgain | void>;
  retry?: RetryPolicy;
  /** How long a run may take before others take the job over, in ms. */
  leaseMs?: number;
  /** How many of this kind run at the same time in this process. */
  concurrency?: number;
  /** Lets runs that mostly wait for others go on without keeping a place; absent, a run keeps its place until it ends. */
  waiting?: Waiting;
}

export interface Waiting {
  /** From this age on, in ms, a run no longer counts against the concurrency. */
  fromMs: number;
  /** How many run at the same time in this process all the same, those that no longer count included. */
  max: number;
}

export type JobHandlers<P extends Payloads> = {
  readonly [Kind in KindOf<P>]: JobHandler<P[Kind]>;
};

/** A job as operators see it. */
export interface JobView extends JobId {
  runAt: number;
  /** Runs since one that ended well, the one under way included. */
  attempts: number;
  lastError: { code: string; message: string } | null;
  /** UTC ms; null when nobody holds it. */
  leasedUntil: number | null;
}

/** The jobs of one kind at work in this process. A slow kind never keeps another waiting. */
export interface Lane {
  kind: string;
  /** Starts what is due, as far as there is room. @returns how many, and whether there is room for more */
  start: (onEnd?: () => void) => Promise<{ started: number; full: boolean }>;
  /** One round: what is due now, up to a bound. Resolves when all of it has ended. */
  work: () => Promise<void>;
  /** Resolves when nothing is under way. */
  idle: () => Promise<void>;
  /** The earliest time at which there is something to start, UTC ms; null when there is no job. */
  nextRunAt: () => Promise<number | null>;
}

export interface JobWorker {
  lanes: readonly Lane[];
  /** One round of every kind, side by side. */
  work: () => Promise<void>;
  nextRunAt: () => Promise<number | null>;
  /** Says in the log, once for each, which kinds have jobs and no handler. They stay where they are. */
  reportUnhandled: () => Promise<void>;
}

/** Durable jobs: leased, fenced, retried for as long as it takes, visible. */
export interface Jobs<P extends Payloads> {
  /** Within the caller's transaction, so that a state change and the job it needs are one. */
  schedule: <Kind extends KindOf<P>>(
    tx: Transaction,
    job: ScheduledJob<Kind, P[Kind]>,
  ) => Promise<void>;
  /** Also a job under way, which then cannot settle. */
  remove: (tx: Transaction, id: JobId<KindOf<P>>) => Promise<void>;
  /** Soonest first within a kind. `failing` shows only those whose last run did not end well. */
  list: (query: { kind?: string; failing?: boolean; limit: number }) => Promise<JobView[]>;
  /** Calls back whenever a job is scheduled, maybe before it is committed. @returns the way to end that */
  onScheduled: (listener: (kind: string) => void) => () => void;
  handle: (handlers: JobHandlers<P>) => JobWorker;
}
