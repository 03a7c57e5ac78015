import type { BlobFacts, BlobStore } from '../media/blobs.ts';
import { checkClip, probeClip, type ClipFacts } from '../media/clip.ts';
import type { Download } from '../media/download.ts';
import type { ProviderAccount } from '../providers/provider.ts';
import type { JobRow } from '../store/schema.ts';
import { parseRatio } from './frame.ts';
import { leaseMs, resultRetentionMs } from './job.ts';
import type { Log, Runtime } from './runtime.ts';
import { providerSaid, repeatedly } from './timeline.ts';
import type { Steps } from './steps.ts';

const maxClipBytes = 300_000_000;
const downloadTimeoutMs = 3 * 60_000;
const lookupTimeoutMs = 15_000;
/** A broken file is fetched anew for at least this long after the provider's success, however late that came. */
const brokenFilePatienceMs = 60 * 60_000;

interface CollectParts {
  runtime: Runtime;
  log: Log;
  steps: Steps;
  blobs: BlobStore;
  download: Download;
  /** Reads what a file really is. */
  probe?: typeof probeClip;
}

/**
 * Brings a finished clip home: a fresh URL when one is needed, the safe download, the check of the file, then done. The
 * clip is paid for, so nothing but a wrong clip, a file that stays broken past the deadline or the end of the
 * provider's keeping ends the job without it.
 */
export function createCollect({ runtime, log, steps, blobs, download, probe = probeClip }: CollectParts) {
  async function collect(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<void> {
    if (job.failures > 0) {
      const fresh = await refreshUrl(job, account, stop);
      if (!fresh) return putOff(job, 'the provider gives no address of the clip');
      job = { ...job, resultUrl: fresh };
    }
    const held = await steps.note(job, {
      leaseUntil: runtime.now() + downloadTimeoutMs + leaseMs,
      resultUrl: job.resultUrl,
    });
    if (!held) return;

    const key = `${job.accountId}/${job.kind}/${job.id}-${runtime.now()}.mp4`;
    const signal = AbortSignal.any([stop, runtime.deadline(downloadTimeoutMs)]);
    const keep = (body: Parameters<BlobStore['put']>[1]) => blobs.put(key, body, { maxBytes: maxClipBytes });
    const answer = await download(job.resultUrl!, keep, signal);
    if (answer.outcome === 'ok') return publish({ job, key, kept: answer.value });
    if (answer.outcome === 'blocked')
      log.error(
        { alarm: 'result_host_blocked', jobId: job.id, reason: answer.reason },
        "the clip's host is not in RESULT_HOSTS; add it and the job goes on",
      );
    await putOff(job, answer.outcome === 'gone' ? `the clip's address answers ${answer.status}` : answer.reason);
  }

  async function publish({ job, key, kept }: { job: JobRow; key: string; kept: BlobFacts }): Promise<void> {
    const facts = await blobs.withFile(key, probe);
    const broken = facts === null;
    const faults = broken ? [] : checkClip(facts, { ...job, aspectRatio: parseRatio(job.aspectRatio) });
    if (facts && faults.length === 0) {
      const done = await steps.advance(job, 'done', {
        video: storedClip(key, facts, kept),
        completedAt: runtime.now(),
        told: [providerSaid('clip', { outcome: 'ok', bytes: kept.bytes, ...facts })],
      });
      if (done) return;
    }
    await blobs.remove(key);
    if (faults.length > 0) {
      log.error(
        { alarm: 'clip_rejected', jobId: job.id, faults },
        'the provider delivered another clip than was asked for',
      );
      return steps.fail(job, 'result_rejected', faults.join('; '), [
        providerSaid('clip', { outcome: 'rejected', faults }),
      ]);
    }
    const patientUntil = Math.max(job.deadlineAt, (job.succeededAt ?? 0) + brokenFilePatienceMs);
    if (broken && runtime.now() > patientUntil) return steps.fail(job, 'result_lost', 'the file stays unreadable');
    if (broken) await putOff(job, 'the file is not a whole MP4');
  }

  async function putOff(job: JobRow, reason: string): Promise<void> {
    const lost = runtime.now() > (job.succeededAt ?? runtime.now()) + resultRetentionMs;
    if (lost) return steps.fail(job, 'result_lost', reason);
    log.warn({ jobId: job.id, reason, failures: job.failures }, 'the clip is not here yet');
    await steps.retryLater(job, {
      errorMessage: reason,
      told: repeatedly(job.failures, providerSaid('clip', { reason })),
    });
  }

  async function refreshUrl(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<string | null> {
    const signal = AbortSignal.any([stop, runtime.deadline(lookupTimeoutMs)]);
    const answer = await account.client.findByTaskId(job.providerTaskId!, signal);
    if (answer.outcome === 'found' && answer.task.resultUrl) return answer.task.resultUrl;
    return job.resultUrl;
  }

  return collect;
}

function storedClip(key: string, facts: ClipFacts, kept: BlobFacts) {
  const { width, height, seconds } = facts;
  return { key, width, height, seconds, bytes: kept.bytes, sha256: kept.sha256, contentType: 'video/mp4' };
}
