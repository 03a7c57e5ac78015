import { AppError } from '../errors.ts';
import type { Tx } from '../store/database.ts';
import type { JobRow, LedgerRow, PresetRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { JobRequest } from './new-job.ts';
import type { Runtime } from './runtime.ts';
import type { JobService } from './service.ts';

/** Who does it and why; the reason stays in the ledger for good. */
interface Deed {
  actor: string;
  note: string;
}

/** Who pays for a job that is made again: the seller as usual, or the house by a correction of the price beforehand. */
export type Payer = 'seller' | 'house';

/** A job is made again at most so often. */
export const maxRetries = 20;

const canRetry = ({ status }: JobRow): boolean => status === 'failed' || status === 'cancelled';

interface OperatorParts {
  store: Store;
  runtime: Pick<Runtime, 'now' | 'newId'>;
  jobs: Pick<JobService, 'create'>;
}

/** What an operator may do to jobs and balances. Each deed is one transaction with its audit entry and its timeline row. */
export function createOperatorService({ store, runtime, jobs }: OperatorParts) {
  const audit = (tx: Tx, entry: { actor: string; action: string; target: string; detail: Record<string, unknown> }) =>
    store.auditLog.write(tx, { id: runtime.newId(), at: runtime.now(), ...entry });
  const tell = (tx: Tx, jobId: string, detail: Record<string, unknown>) =>
    store.jobEvents.append(tx, runtime.now(), [{ jobId, kind: 'operator', detail }]);

  async function jobOf(jobId: string): Promise<JobRow> {
    const job = await store.jobs.get(jobId);
    if (!job) throw new AppError('not_found', { what: 'job' });
    return job;
  }

  const retryKey = (jobId: string, attempt: number) => `operator-retry-${jobId}-${attempt}`;

  return {
    /**
     * Adds or takes tokens, once per reference; `repeated` says that the reference was there before. Throws
     * `insufficient_tokens` (below zero), `not_found`.
     */
    async correct(
      wish: Deed & { accountId: string; amount: number; reference: string },
    ): Promise<{ entry: LedgerRow; repeated: boolean }> {
      const { accountId, amount, reference, note, actor } = wish;
      return store.transaction(async (tx) => {
        const made = await store.ledger.correct(tx, { ...wish, id: runtime.newId(), now: runtime.now() });
        const detail = { amount, reference, note };
        if (!made.repeated) await audit(tx, { actor, action: 'account.corrected', target: accountId, detail });
        return made;
      });
    },

    /** The number of the next retry of a job; the form carries it, so that a form sent twice makes one job. */
    async nextAttempt(job: JobRow): Promise<number> {
      for (let attempt = 1; ; attempt += 1)
        if (!(await store.jobs.byIdempotencyKey(store.read, job.accountId, retryKey(job.id, attempt)))) return attempt;
    },

    /**
     * Makes an ended job without a clip anew for the same seller: the same picture, frame and prompt, with the preset's
     * price and model of today. Answers the job that this attempt made, however often it is asked. Throws
     * `forbidden` for any other job, and what creating a job throws.
     */
    async retry({ jobId, attempt, payer, note, actor }: Deed & { jobId: string; attempt: number; payer: Payer }) {
      const old = await jobOf(jobId);
      const preset = await store.presets.get(old.presetId);
      if (!canRetry(old) || !(attempt >= 1 && attempt <= maxRetries)) throw new AppError('forbidden');
      const { accountId } = old;
      const key = retryKey(jobId, attempt);
      // Not left to the key alone: what is asked for depends on what the preset offers now.
      const made = await store.jobs.byIdempotencyKey(store.read, accountId, key);
      if (made) return { job: made };
      async function within(tx: Tx, made: JobRow): Promise<void> {
        const now = runtime.now();
        const price = made.tokensCost;
        const gift = { id: runtime.newId(), accountId, amount: price, reference: key, note, actor, now };
        if (payer === 'house') await store.ledger.correct(tx, gift);
        const detail = { job: made.id, payer, amount: price, note };
        await audit(tx, { actor, action: 'job.retried', target: jobId, detail });
        await tell(tx, jobId, { deed: 'retried', by: actor, job: made.id, payer, note });
        await tell(tx, made.id, { deed: 'retryOf', by: actor, job: jobId, payer, note });
      }
      const { job } = await jobs.create({ accountId, idempotencyKey: key, request: requestOf(old, preset), within });
      return { job };
    },

    /**
     * Gives the tokens of a finished clip back as goodwill, once: a correction, because a refund belongs to a job that
     * failed. Throws `forbidden` for any other job.
     */
    async goodwill({ jobId, note, actor }: Deed & { jobId: string }): Promise<{ entry: LedgerRow; repeated: boolean }> {
      const { accountId, status, tokensCost: amount } = await jobOf(jobId);
      if (status !== 'completed') throw new AppError('forbidden');
      return store.transaction(async (tx) => {
        const entry = { id: runtime.newId(), accountId, amount, reference: goodwillReference(jobId), note, actor };
        const made = await store.ledger.correct(tx, { ...entry, now: runtime.now() });
        if (made.repeated) return made;
        await audit(tx, { actor, action: 'job.refunded', target: jobId, detail: { amount, note } });
        await tell(tx, jobId, { deed: 'goodwill', by: actor, amount, note });
        store.signals.publish({ accountId, jobId });
        return made;
      });
    },
  };
}

export type OperatorService = ReturnType<typeof createOperatorService>;

/** The reference of the one goodwill entry that a job can have. */
export const goodwillReference = (jobId: string): string => `goodwill-${jobId}`;

/**
 * What the seller asked for then, with the prompt as it was sent; choices as far as the preset still offers them. A job
 * that the seller has deleted is no parent any more, so all that a variant would take from it is said.
 */
function requestOf(old: JobRow, preset: PresetRow | null): JobRequest {
  const { presetId, fit, prompt, uploadId, frame, title, description, groupId } = old;
  const said = Object.entries({ uploadId, frame, title, description, groupId }).filter(([, value]) => value !== null);
  const source = old.deletedAt === null ? { parentId: old.id } : Object.fromEntries(said);
  return { ...(preset && offeredStill(old, preset)), ...source, presetId, fit, prompt };
}

function offeredStill({ aspectRatio, seconds, mode }: JobRow, { choices }: PresetRow): Partial<JobRequest> {
  const isOffered = <T>(value: T, offers: readonly { value: T }[] = []) =>
    offers.some((offer) => offer.value === value);
  return {
    ...(isOffered(aspectRatio, choices.aspectRatios) && { aspectRatio }),
    ...(isOffered(seconds, choices.seconds) && { seconds }),
    ...(isOffered(mode, choices.modes) && { mode }),
  };
}
