import { AppError } from '../errors.ts';
import type { BlobStore } from '../media/blobs.ts';
import type { Pictures } from '../media/picture.ts';
import type { ProviderAccount, ProviderClient, SubmitOutcome, TaskRequest } from '../providers/provider.ts';
import type { Happened } from '../store/job-events.ts';
import type { JobRow, StoredPicture } from '../store/schema.ts';
import { parseRatio } from './frame.ts';
import { leaseMs, needsPicture, nextLookMs, nextLooks, submitTimeoutMs } from './job.ts';
import { providerSaid, repeatedly } from './timeline.ts';
import type { StepParts, Steps } from './steps.ts';

interface AcceptedTask {
  taskId: string;
  told: readonly Happened[];
}

export interface SubmitParts extends StepParts {
  steps: Steps;
  blobs: BlobStore;
  pictures: Pictures;
  settings: {
    pollIntervalMs: number;
    /** Where the provider can fetch a picture; absent when we are not reachable by https. */
    pictureUrl?: (picture: StoredPicture) => string;
    callbackUrl?: (job: Pick<JobRow, 'id' | 'provider'>) => string;
  };
}

/**
 * The submit protocol (design.md, section 4): prepare the picture; write the intent under the fence, with a lease that
 * outlives the deadline, before a byte leaves; POST; file the outcome. An outcome that is not a definite "no task was
 * made" goes to `confirming`, never to a second POST.
 */
export function createSubmit({ store, runtime, log, steps, blobs, pictures, settings }: SubmitParts) {
  /** First submission of a job that holds a slot. */
  async function submit(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<void> {
    if (job.sends > 0) return void (await steps.advance(job, 'confirming'));
    if (runtime.now() > job.deadlineAt) return steps.fail(job, 'timed_out', 'not accepted before the deadline');
    const pausedUntil = await pauseOf(account.id);
    if (pausedUntil > runtime.now()) return steps.retryLater(job, { notBefore: pausedUntil });
    if (!needsPicture(job.kind)) return post(job, account, stop);
    const still = job.still ?? (await prepare(job, account));
    if (still) await post({ ...job, still }, account, stop);
  }

  /** Sends the request under a fresh intent. Also for a request whose earlier sending is proven absent. */
  async function post(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<void> {
    const client = clientOf(account, job);
    const request = await requestFor(job);
    const deadlineAt = runtime.now() + submitTimeoutMs;
    const armed = await steps.note(job, {
      still: job.still,
      sends: job.sends + 1,
      sendDeadlineAt: deadlineAt,
      leaseUntil: deadlineAt + leaseMs,
    });
    if (!armed) return;
    const leftMs = deadlineAt - runtime.now();
    // The process stood still after the intent; sent now, the request could outlive the claim. Not a byte has left.
    if (leftMs <= 0) return steps.retryLater(armed, { sends: job.sends });
    const signal = AbortSignal.any([stop, runtime.deadline(leftMs)]);
    await file({ job: armed, account, earlierSends: job.sends, outcome: await client.submit(request, signal) });
  }

  async function file(answer: { job: JobRow; account: ProviderAccount; earlierSends: number; outcome: SubmitOutcome }) {
    const { job, account, earlierSends, outcome } = answer;
    const noTaskWasMade = { sends: earlierSends };
    log.info({ jobId: job.id, ...outcome }, 'submitted');
    const said = providerSaid('submit', outcome);
    const told = [said];
    const toldAgain = repeatedly(job.failures, said);
    switch (outcome.outcome) {
      case 'accepted':
        return accept(job, account, { taskId: outcome.taskId, told });
      case 'not-sent':
      case 'busy':
        return steps.retryLater(job, { ...noTaskWasMade, told: toldAgain });
      case 'account-blocked': {
        const until = await steps.pauseAccount(account.id, outcome.reason);
        return steps.retryLater(job, { ...noTaskWasMade, notBefore: until, told: toldAgain });
      }
      case 'refused': {
        const errorCode = outcome.because === 'content' ? 'content_refused' : 'provider_refused';
        if (earlierSends === 0) return steps.fail(job, errorCode, outcome.reason, told);
        // An earlier sending may have made a task: the refusal counts only once that is proven absent.
        return void (await steps.advance(job, 'confirming', { errorCode, errorMessage: outcome.reason, told }));
      }
      case 'exists':
      case 'unclear':
        return void (await steps.advance(job, 'confirming', { errorMessage: outcome.reason, told }));
    }
  }

  /** The provider holds the task; from here its status is asked for. */
  async function accept(job: JobRow, account: ProviderAccount, found: AcceptedTask): Promise<void> {
    const now = runtime.now();
    const { taskId: providerTaskId, told } = found;
    const dueAt = nextLookMs(job.expectedMs, nextLooks(now, pollIntervalOf(account, settings.pollIntervalMs)));
    const facts = { providerTaskId, submittedAt: now, dueAt, errorCode: null, errorMessage: null, told };
    await steps.advance(job, 'generating', facts);
  }

  async function pauseOf(accountId: string): Promise<number> {
    const rows = await store.queue.providerAccounts();
    return rows.find((row) => row.id === accountId)?.pausedUntil ?? 0;
  }

  /** Cuts the frame and keeps it: what is sent, and later the poster. Null when the job was ended or put off. */
  async function prepare(job: JobRow, account: ProviderAccount): Promise<StoredPicture | null> {
    const upload = await store.uploads.get(job.accountId, job.uploadId ?? '');
    if (!upload || !job.frame) return steps.fail(job, 'picture_unusable', 'the upload is gone').then(() => null);
    const { frame, fit } = job;
    const composition = { frame, fit, aspectRatio: parseRatio(job.aspectRatio), rules: account.pictureRules };
    try {
      const picture = await blobs.withFile(upload.key, (path) => pictures.compose({ path, ...composition }));
      const { bytes, ...facts } = picture;
      const extension = picture.contentType === 'image/png' ? 'png' : 'jpg';
      const key = `${job.accountId}/stills/${job.id}-${job.fence}.${extension}`;
      await blobs.put(key, oneChunk(bytes), { maxBytes: bytes.length });
      return { ...facts, key, bytes: bytes.length };
    } catch (fault) {
      if (fault instanceof AppError && fault.code !== 'unavailable')
        return steps.fail(job, 'picture_unusable', `${fault.code} ${JSON.stringify(fault.facts)}`).then(() => null);
      throw fault;
    }
  }

  async function requestFor(job: JobRow): Promise<TaskRequest> {
    const { externalId, kind, model, mode, aspectRatio, seconds, sound, prompt, negativePrompt } = job;
    const callback = settings.callbackUrl && { callbackUrl: settings.callbackUrl(job) };
    const made = { externalId, kind, model, mode, aspectRatio, seconds, sound, prompt, negativePrompt };
    return { ...made, picture: job.still && (await pictureOf(job.still)), ...callback };
  }

  async function pictureOf(still: StoredPicture): Promise<NonNullable<TaskRequest['picture']>> {
    return settings.pictureUrl ? { url: settings.pictureUrl(still) } : { bytes: await bytesOf(still.key) };
  }

  async function bytesOf(key: string): Promise<Uint8Array> {
    const stream = await blobs.read(key);
    if (!stream) throw new Error(`the prepared picture ${key} is missing`);
    return Buffer.concat(await stream.toArray());
  }

  return { submit, post, accept };
}

export type Submit = ReturnType<typeof createSubmit>;

/** Throws for an account that cannot hold such a task: the job was sent to it by mistake, and waits. */
export function clientOf(account: ProviderAccount, job: Pick<JobRow, 'kind' | 'model'>): ProviderClient {
  const client = account.clientFor(job);
  if (!client) throw new Error(`the provider account ${account.id} has no ${job.kind} by ${job.model}`);
  return client;
}

/** How long at least between two looks at the tasks of an account. */
export const pollIntervalOf = ({ pollIntervalMs }: Pick<ProviderAccount, 'pollIntervalMs'>, serverMs: number): number =>
  pollIntervalMs ?? serverMs;

async function* oneChunk(bytes: Uint8Array) {
  yield bytes;
}
