import type { HttpParts } from './env.ts';

/** A result's key is `<account>/<kind>/<job>-<time>.<type>`; uploads and stills lie in other folders. */
const resultKey =
  /^[^/]+\/(?:text|image)-to-(?:video|image)\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-\d+\.(?:mp4|png|jpg|webp)$/;

/**
 * Counts looks at results and saved ones beside the answers. What comes in while a write is under way is summed up for
 * the next one, so that many readers of one result are few writes.
 */
export function createReadCounter({ store, runtime, log }: Pick<HttpParts, 'store' | 'runtime' | 'log'>) {
  let waiting = new Map<string, { views: number; downloads: number }>();
  let writing = false;

  async function write(): Promise<void> {
    writing = true;
    try {
      while (waiting.size > 0) {
        const counts = waiting;
        waiting = new Map();
        const reads = [...counts].map(([id, more]) => ({ id, ...more }));
        await store.transaction((tx) => store.jobs.countReads(tx, { reads, now: runtime.now() }));
      }
    } catch (fault) {
      log.warn({ err: fault }, 'views and downloads could not be counted');
    } finally {
      writing = false;
    }
  }

  return {
    /** Never rejects and never waits. Keys of other objects count for nothing. */
    count(key: string, what: 'views' | 'downloads'): void {
      const jobId = resultKey.exec(key)?.[1];
      if (jobId === undefined) return;
      const counts = waiting.get(jobId) ?? { views: 0, downloads: 0 };
      counts[what] += 1;
      waiting.set(jobId, counts);
      if (!writing) void write();
    },
  };
}
