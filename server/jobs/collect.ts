import type { BlobFacts, BlobStore } from '../media/blobs.ts';
import { probeClip } from '../media/clip.ts';
import type { Download } from '../media/download.ts';
import type { Pictures } from '../media/picture.ts';
import type { ProviderAccount } from '../providers/provider.ts';
import type { JobRow } from '../store/schema.ts';
import { leaseMs } from './job.ts';
import { createExamine, resultKey } from './result.ts';
import type { Log, Runtime } from './runtime.ts';
import { clientOf } from './submit.ts';
import { providerSaid, repeatedly } from './timeline.ts';
import type { Steps } from './steps.ts';

const maxResultBytes = 300_000_000;
const downloadTimeoutMs = 3 * 60_000;
const lookupTimeoutMs = 15_000;
/** A broken file is fetched anew for at least this long after the provider's success, however late that came. */
const brokenFilePatienceMs = 60 * 60_000;

interface CollectParts {
  runtime: Runtime;
  log: Log;
  steps: Steps;
  blobs: BlobStore;
  pictures: Pictures;
  download: Download;
  /** Reads what a clip really is. */
  probe?: typeof probeClip;
  /** `link`: the file is fetched and checked, but only the provider's address is kept. Default: `copy`. */
  keepResults?: 'copy' | 'link';
}

/**
 * Brings a finished result home: a fresh URL when one is needed, the safe download, the check of the file, then done. It
 * is paid for, so nothing but a wrong result, a file that stays broken past the deadline or the end of the provider's
 * keeping ends the job without it.
 */
export function createCollect(parts: CollectParts) {
  const { runtime, log, steps, blobs, pictures, download, probe = probeClip, keepResults = 'copy' } = parts;
  const examine = createExamine({ pictures, probe });

  async function collect(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<void> {
    if (job.failures > 0) {
      const fresh = await refreshUrl(job, account, stop);
      if (!fresh) return putOff(job, account, 'the provider gives no address of the result');
      job = { ...job, resultUrl: fresh };
    }
    const held = await steps.note(job, {
      leaseUntil: runtime.now() + downloadTimeoutMs + leaseMs,
      resultUrl: job.resultUrl,
    });
    if (!held) return;

    const signal = AbortSignal.any([stop, runtime.deadline(downloadTimeoutMs)]);
    const answer = await download(job.resultUrl!, (body) => keep(job, body), signal);
    if (answer.outcome === 'ok') return publish(job, account, answer.value);
    if (answer.outcome === 'blocked')
      log.error(
        { alarm: 'result_host_blocked', jobId: job.id, reason: answer.reason },
        "the result's host is not in RESULT_HOSTS; add it and the job goes on",
      );
    await putOff(job, account, answer.outcome === 'gone' ? `its address answers ${answer.status}` : answer.reason);
  }

  /** Streams the file in, under a name that its first bytes have a say in. */
  async function keep(job: JobRow, body: AsyncIterable<Uint8Array>): Promise<BlobFacts & { key: string }> {
    const chunks = body[Symbol.asyncIterator]();
    const first = await chunks.next();
    async function* whole() {
      for (let chunk = first; !chunk.done; chunk = await chunks.next()) yield chunk.value;
    }
    const key = resultKey(job, runtime.now(), first.done ? new Uint8Array() : first.value);
    return { key, ...(await blobs.put(key, whole(), { maxBytes: maxResultBytes })) };
  }

  async function publish(job: JobRow, account: ProviderAccount, file: BlobFacts & { key: string }): Promise<void> {
    const examined = await blobs.withFile(file.key, (path) => examine(job, path));
    const isGood = examined !== null && examined.faults.length === 0;
    if (isGood) {
      const done = await steps.advance(job, 'done', {
        ...examined.stored({ ...file, ...linkOf(job, account) }),
        completedAt: runtime.now(),
        told: [providerSaid('clip', { outcome: 'ok', bytes: file.bytes, ...examined.facts })],
      });
      if (done && keepResults === 'copy') return;
    }
    // Nobody shows this file: it is wrong, broken, another claim's, or the operator keeps none.
    await blobs.remove(file.key);
    if (!examined) return putOffBroken(job, account);
    if (!isGood) await reject(job, examined.faults);
  }

  const linkOf = (job: JobRow, account: ProviderAccount) =>
    keepResults === 'link' && {
      link: { url: job.resultUrl!, expiresAt: (job.succeededAt ?? runtime.now()) + account.resultRetentionMs },
    };

  function reject(job: JobRow, faults: string[]): Promise<void> {
    const facts = { alarm: 'clip_rejected', jobId: job.id, faults };
    log.error(facts, 'the provider delivered another result than was asked for');
    const told = [providerSaid('clip', { outcome: 'rejected', faults })];
    return steps.fail(job, 'result_rejected', faults.join('; '), told);
  }

  async function putOffBroken(job: JobRow, account: ProviderAccount): Promise<void> {
    const patientUntil = Math.max(job.deadlineAt, (job.succeededAt ?? 0) + brokenFilePatienceMs);
    if (runtime.now() > patientUntil) return steps.fail(job, 'result_lost', 'the file stays unreadable');
    await putOff(job, account, 'the file is not whole');
  }

  async function putOff(job: JobRow, account: ProviderAccount, reason: string): Promise<void> {
    const lost = runtime.now() > (job.succeededAt ?? runtime.now()) + account.resultRetentionMs;
    if (lost) return steps.fail(job, 'result_lost', reason);
    log.warn({ jobId: job.id, reason, failures: job.failures }, 'the result is not here yet');
    await steps.retryLater(job, {
      errorMessage: reason,
      told: repeatedly(job.failures, providerSaid('clip', { reason })),
    });
  }

  async function refreshUrl(job: JobRow, account: ProviderAccount, stop: AbortSignal): Promise<string | null> {
    const signal = AbortSignal.any([stop, runtime.deadline(lookupTimeoutMs)]);
    const answer = await clientOf(account, job).findByTaskId(job.providerTaskId!, signal);
    if (answer.outcome === 'found' && answer.task.resultUrl) return answer.task.resultUrl;
    return job.resultUrl;
  }

  return collect;
}
