import type { JobErrorCode } from '../errors.ts';
import type { Happened } from '../store/job-events.ts';
import type { JobFacts } from '../store/jobs.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { backoffMs, type JobStage } from './job.ts';
import type { Log, Runtime } from './runtime.ts';

/** A provider account that said no to everything is asked again after this long. */
const accountPauseMs = 60_000;

/** What a step must know of the job that it has in hand. */
export type JobInHand = Pick<JobRow, 'id' | 'fence' | 'stage' | 'failures'>;

/** What a step writes, and what it was told, for the job's timeline. */
type Facts = JobFacts & { told?: readonly Happened[] };

export interface StepParts {
  store: Store;
  runtime: Runtime;
  log: Log;
  /** Told of each job that a step brought to its end, once. */
  ended?: (job: JobRow) => void;
}

/**
 * The writes that end a step of the worker. Each is one transaction guarded by the claim's fence; one that lost its
 * right writes nothing and answers null, and whoever holds the job now goes on with it.
 */
export function createSteps({ store, runtime, log, ended = () => {} }: StepParts) {
  return {
    /** Moves the job to its next stage, due at once unless `set` says otherwise. */
    async advance(job: JobInHand, stage: JobStage, { told = [], ...facts }: Facts = {}): Promise<JobRow | null> {
      const now = runtime.now();
      const set = { dueAt: now, leaseUntil: 0, failures: 0, ...facts };
      const change = { id: job.id, fence: job.fence, now, set, told };
      const moved = await store.transaction((tx) => store.jobs.advance(tx, stage, change));
      if (moved && stage === 'done') {
        log.info({ jobId: job.id, tookMs: now - moved.createdAt }, 'job completed');
        ended(moved);
      }
      return moved;
    },

    /** Writes facts while the claim goes on. */
    note(job: JobInHand, { told = [], ...set }: Facts): Promise<JobRow | null> {
      const change = { id: job.id, fence: job.fence, now: runtime.now(), set, told };
      return store.transaction((tx) => store.jobs.note(tx, job.stage, change));
    },

    /** Gives the claim back and looks again later: after a growing wait, or not before `notBefore`. */
    async retryLater(job: JobInHand, set: Facts & { notBefore?: number; notAfter?: number } = {}): Promise<void> {
      const { notBefore = 0, notAfter = Infinity, ...facts } = set;
      const now = runtime.now();
      const wanted = now + backoffMs(job.failures, runtime.random());
      const dueAt = Math.max(notBefore, Math.min(wanted, notAfter));
      await this.note(job, { ...facts, dueAt, leaseUntil: 0, failures: job.failures + 1 });
    },

    /** Ends the job and gives its tokens back, in one transaction that only one caller can win. */
    async fail(
      job: JobInHand,
      errorCode: JobErrorCode,
      errorMessage: string,
      told: readonly Happened[] = [],
    ): Promise<void> {
      const now = runtime.now();
      const failed = await store.transaction(async (tx) => {
        const change = { id: job.id, fence: job.fence, now, from: [job.stage], set: { errorCode, errorMessage }, told };
        const ended = await store.jobs.end(tx, 'failed', change);
        if (!ended) return null;
        await store.ledger.refund(tx, { id: runtime.newId(), jobId: job.id, actor: 'worker', note: errorCode, now });
        return ended;
      });
      if (!failed) return;
      log.warn({ jobId: job.id, errorCode, errorMessage }, 'job failed and was refunded');
      ended(failed);
    },

    /** Stops sending to a provider account that needs its operator: credentials, permission, arrears, empty pack. */
    async pauseAccount(id: string, reason: string): Promise<number> {
      const now = runtime.now();
      const until = now + accountPauseMs;
      await store.transaction((tx) => store.queue.pauseAccount(tx, { id, until, reason, now }));
      log.error(
        { alarm: 'provider_account_blocked', providerAccount: id, reason },
        'the provider account needs its operator',
      );
      return until;
    },
  };
}

export type Steps = ReturnType<typeof createSteps>;
