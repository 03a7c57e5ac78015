import { AppError } from '../errors.ts';
import type { JobSort } from '../store/job-queue.ts';
import type { JobRow, PresetRow, UploadRow } from '../store/schema.ts';
import type { JobListQuery } from '../store/job-lookups.ts';
import type { Tx } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import type { Caps } from './caps.ts';
import { hintSpacingMs, makesVideo, needsPicture } from './job.ts';
import type { LedgerWatch } from './ledger-watch.ts';
import { hashOf, newJob, type JobRequest } from './new-job.ts';
import { chosenPreset, frameFor, promptsFor, withParent } from './order.ts';
import { isOver, resultOf } from './result.ts';
import type { Runtime } from './runtime.ts';
import { unhurried } from '../unhurried.ts';

/** What the service must know of settings. */
export interface JobSettings {
  deadlineMs: number;
  /** The provider's smallest side of a picture. */
  minSide: number;
}

export interface QueuePlace {
  position: number;
  /** Milliseconds until the clip is expected, counted from now. */
  expectedMs: number;
}

/** An order of a job. */
export interface NewOrder {
  accountId: string;
  idempotencyKey: string;
  request: JobRequest;
  /** Runs in the transaction of a job that is really made, before it is paid. */
  within?: (tx: Tx, job: JobRow) => Promise<void>;
  /** Runs once it is paid, with the account's row locked: what it throws takes job and payment back. */
  approve?: (tx: Tx) => Promise<void>;
}

const placesMinAgeMs = 1_000;
const durationsMinAgeMs = 5_000;
const placesLimit = 5_000;
/** Kling's 5 s clip takes about a minute (fact sheet, 1.11); used until there are clips of our own to go by. */
const assumedMsPerSecond = 12_000;
/** Pictures take less than half a minute. */
const assumedPictureMs = 20_000;

/** Judges the seller's own words before any token moves. Throws `text_refused` with the fact `field`. */
export type Moderate = (order: { accountId: string; request: JobRequest }) => Promise<void>;

interface ServiceParts {
  store: Store;
  runtime: Runtime;
  settings: JobSettings;
  /** Slots of the provider accounts together. */
  slots: number | (() => Promise<number>);
  /** Whether any provider account could make such a job. Left out: yes. */
  canMake?: (sort: JobSort) => Promise<boolean>;
  /** Throws `text_refused` for an order that this site may not have. Left out: everything goes. */
  moderate?: Moderate;
  /** Left out: no caps. */
  caps?: Caps;
  /** Left out: the ledger is trusted. */
  ledgerWatch?: Pick<LedgerWatch, 'assertSound'>;
}

/** The seller's use cases. Every change of money or state is one transaction here. */
export function createJobService(parts: ServiceParts) {
  const { store, runtime, settings, slots, caps, ledgerWatch, moderate, canMake = async () => true } = parts;
  const durations = new Map<string, () => Promise<number | null>>();

  /** What recent results took; a few seconds old, because the look passes every job newer than the last result. */
  function recentMs({ provider, seconds }: Pick<PresetRow, 'provider' | 'seconds'>): Promise<number | null> {
    const key = `${provider}/${seconds}`;
    const look = () => store.queue.recentDurationMs({ provider, seconds });
    const recent = durations.get(key) ?? unhurried(look, { now: runtime.now, minAgeMs: durationsMinAgeMs });
    durations.set(key, recent);
    return recent();
  }

  async function expectedMs(task: Pick<PresetRow, 'provider' | 'kind' | 'seconds'>): Promise<number> {
    const assumedMs = makesVideo(task.kind) ? task.seconds * assumedMsPerSecond : assumedPictureMs;
    return (await recentMs(task)) ?? assumedMs;
  }

  /** The job this key already made, or null. Throws `idempotency_mismatch` when the body was another. */
  function sameRequest(job: JobRow | null, requestHash: string): JobRow | null {
    if (job && job.requestHash !== requestHash) throw new AppError('idempotency_mismatch');
    return job;
  }

  async function answerFor(job: JobRow): Promise<{ job: JobRow; balance: number }> {
    const account = await store.accounts.get(job.accountId);
    return { job, balance: account?.balance ?? 0 };
  }

  return {
    /**
     * Makes a job: debit, ledger entry and row in one transaction. The same key and request answer the same job and
     * charge nothing more, whatever caps and ledger say. Throws `not_found` (preset, upload, parent), `invalid_request`
     * (frame, choices, prompt), `text_refused`, `idempotency_mismatch`, `insufficient_tokens`, `rate_limited` (a cap),
     * `unavailable` (the ledger disagrees).
     */
    async create(question: NewOrder) {
      const { accountId, idempotencyKey, request, within, approve } = question;
      const requestHash = hashOf(request);
      const earlier = sameRequest(
        await store.jobs.byIdempotencyKey(store.read, accountId, idempotencyKey),
        requestHash,
      );
      if (earlier) return answerFor(earlier);
      ledgerWatch?.assertSound();

      const parent = request.parentId === undefined ? null : await own(accountId, request.parentId);
      const wish = withParent(request, parent);
      const preset = await orderable(wish);
      const upload = await requiredUpload(accountId, preset, wish);
      const isInherited = request.frame === undefined;
      const job = newJob({
        accountId,
        idempotencyKey,
        requestHash,
        request: wish,
        id: runtime.newId(),
        preset,
        ...promptsFor(preset, wish),
        frame: upload && frameFor({ preset, upload, request: wish, minSide: settings.minSide, isInherited }),
        expectedMs: await expectedMs(preset),
        deadlineAt: runtime.now() + settings.deadlineMs,
        now: runtime.now(),
      });
      await moderate?.({ accountId, request: wish });
      const { createdAt: now } = job;

      const made = await store.transaction(async (tx) => {
        const inserted = await store.jobs.insert(tx, job);
        if (!inserted) return null;
        const { groupId: id, groupName: name } = wish;
        if (id !== undefined && name !== undefined) await store.groups.name(tx, { accountId, id, name, now });
        await within?.(tx, inserted);
        const debiting = store.ledger.debit(tx, {
          id: runtime.newId(),
          accountId,
          jobId: job.id,
          price: job.tokensCost,
          actor: 'seller',
          now,
        });
        if (caps) await store.alongside(caps.assertRoom(tx, { accountId, now }));
        const { balanceAfter: balance } = await debiting;
        await approve?.(tx);
        return { job: inserted, balance };
      });
      if (!made) {
        const winner = await store.jobs.byIdempotencyKey(store.read, accountId, idempotencyKey);
        return answerFor(sameRequest(winner, requestHash)!);
      }
      return made;
    },

    /** The presets that a seller may order now, in the operator's order. */
    async orderablePresets(): Promise<PresetRow[]> {
      const presets = (await store.presets.list()).filter((preset) => preset.enabled);
      const areMade = await Promise.all(presets.map((preset) => canMake(preset)));
      return presets.filter((_, at) => areMade[at]);
    },

    get: own,

    /** The price of such an order in tokens. Throws `not_found` (preset), `invalid_request` (choices), `text_refused`. */
    async quote(order: { accountId: string; request: JobRequest }): Promise<number> {
      const { tokensCost } = await orderable(order.request);
      await moderate?.(order);
      return tokensCost;
    },

    /**
     * The public link of a finished job: the one it has, else `newShareId`, which nobody may be able to guess. Throws
     * `not_found`, `not_shareable`.
     */
    async share(wish: {
      accountId: string;
      jobId: string;
      newShareId: string;
    }): Promise<{ job: JobRow; shareId: string }> {
      const { accountId, jobId, newShareId } = wish;
      const job = await own(accountId, jobId);
      const now = runtime.now();
      if (job.status !== 'completed' || isOver(resultOf(job), now)) throw new AppError('not_shareable');
      const share = { id: newShareId, accountId, jobId, createdAt: now };
      const { id } = await store.transaction((tx) => store.shares.open(tx, share));
      return { job, shareId: id };
    },

    /** Ends the job's public link, if it has one. Throws `not_found`. */
    async endShare(accountId: string, jobId: string): Promise<void> {
      await own(accountId, jobId);
      const now = runtime.now();
      await store.transaction((tx) => store.shares.end(tx, { jobId, now }));
    },

    list: (query: JobListQuery) => store.jobs.list(query),

    /** Cancels a job that still waits, with its refund. Throws `not_found`, `not_cancellable`. */
    async cancel(accountId: string, id: string) {
      await own(accountId, id);
      const now = runtime.now();
      const ended = await store.transaction(async (tx) => {
        const job = await store.jobs.end(tx, 'cancelled', { id, now, from: ['queued'] });
        if (!job) return null;
        const refund = await store.ledger.refund(tx, {
          id: runtime.newId(),
          jobId: id,
          actor: 'seller',
          note: 'cancelled',
          now,
        });
        return { job, balance: refund.balanceAfter };
      });
      if (!ended) throw new AppError('not_cancellable');
      return ended;
    },

    /** Hides an ended job. Throws `not_found`, `not_deletable`. */
    async remove(accountId: string, id: string): Promise<void> {
      await own(accountId, id);
      const now = runtime.now();
      const removed = await store.transaction((tx) => store.jobs.softDelete(tx, { accountId, id, now }));
      if (!removed) throw new AppError('not_deletable');
    },

    /**
     * A provider says that something changed: look soon. What it claims goes to the timeline; a task id that a job is
     * still looking for (`taskId`, from services that know no ids of ours) is kept too, to be asked for there.
     */
    async hint(id: string, { taskId, ...claims }: { taskId?: string; [claim: string]: unknown } = {}): Promise<void> {
      const now = runtime.now();
      await store.transaction(async (tx) => {
        await store.jobEvents.callback(tx, { jobId: id, at: now, detail: claims });
        const claimed = taskId === undefined ? null : await store.jobs.claim(tx, { id, taskId, now });
        if (!claimed) await store.jobs.hint(tx, { id, now, spacingMs: hintSpacingMs });
      });
    },

    /** Where queued jobs stand, a second ago, or longer while the queue is very long. A job that is not in it is not queued. */
    queuePlaces: unhurried(countPlaces, { now: runtime.now, minAgeMs: placesMinAgeMs }),
  };

  async function countPlaces(): Promise<Map<string, QueuePlace>> {
    const waiting = await store.queue.waiting(store.read, placesLimit);
    const oneMs = await expectedMs(usualTask);
    const atOnce = Math.max(1, typeof slots === 'function' ? await slots() : slots);
    const entries = waiting.map(({ id }, ahead): [string, QueuePlace] => [
      id,
      { position: ahead + 1, expectedMs: oneMs * (1 + Math.ceil((ahead + 1) / atOnce)) },
    ]);
    return new Map(entries);
  }

  /** Throws `not_found` for a missing, a deleted and another seller's job alike. */
  async function own(accountId: string, id: string): Promise<JobRow> {
    const job = await store.jobs.getOwn(accountId, id);
    if (!job) throw new AppError('not_found');
    return job;
  }

  /** Throws `not_found` for a preset that nobody may order now, `invalid_request` for choices that it does not offer. */
  async function orderable(request: JobRequest): Promise<PresetRow> {
    const offered = await store.presets.get(request.presetId);
    if (!offered?.enabled || !(await canMake(offered))) throw new AppError('not_found', { what: 'preset' });
    return chosenPreset(offered, request);
  }

  async function requiredUpload(accountId: string, preset: PresetRow, request: JobRequest): Promise<UploadRow | null> {
    if (!needsPicture(preset.kind)) return null;
    if (!request.uploadId) throw new AppError('invalid_request', { issues: ['uploadId: this preset needs a picture'] });
    const upload = await store.uploads.get(accountId, request.uploadId);
    if (!upload) throw new AppError('not_found', { what: 'upload' });
    return upload;
  }
}

/** What the wait in the queue is guessed by. */
const usualTask = { provider: 'kling', kind: 'image-to-video', seconds: 5 } as const;

export type JobService = ReturnType<typeof createJobService>;
