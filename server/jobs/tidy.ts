import type { BlobStore } from '../media/blobs.ts';
import type { Store } from '../store/store.ts';
import type { Log, Runtime } from './runtime.ts';

const dayMs = 24 * 3_600_000;
/**
 * Far longer than the moment between a file and its row, and long enough to restore a backup of the database before the
 * files of the rows it has lost are taken for litter.
 */
const litterAgeMs = 7 * dayMs;
const batchSize = 200;
/** The row's id in a key: `<account>/uploads/<upload>.jpg`, `<account>/stills/<job>-<fence>.jpg`, `<account>/<kind>/<job>-<time>.mp4`. */
const keyParts = /^[^/]+\/[^/]+\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-\d+)?\.[a-z0-9]+$/;

interface TidyParts {
  store: Pick<Store, 'files'>;
  blobs: Pick<BlobStore, 'list' | 'remove'>;
  runtime: Pick<Runtime, 'now'>;
  log: Log;
}

/** Takes away files that no row names: what a process left that died between writing a file and writing its row. */
export function createTidy({ store, blobs, runtime, log }: TidyParts) {
  let timer: NodeJS.Timeout | undefined;

  async function removeLitter(candidates: { key: string; rowId: string }[]): Promise<number> {
    if (candidates.length === 0) return 0;
    const owned = await store.files.owned(candidates);
    const litter = candidates.filter(({ key }) => !owned.has(key));
    for (const { key } of litter) await blobs.remove(key);
    return litter.length;
  }

  /** Answers how many files went. Files of other shapes are not ours to judge and stay. */
  async function tidy(): Promise<number> {
    let removed = 0;
    let batch: { key: string; rowId: string }[] = [];
    for await (const { key, putAtMs } of blobs.list()) {
      const rowId = keyParts.exec(key)?.[1];
      if (!rowId || putAtMs > runtime.now() - litterAgeMs) continue;
      batch.push({ key, rowId });
      if (batch.length < batchSize) continue;
      removed += await removeLitter(batch);
      batch = [];
    }
    removed += await removeLitter(batch);
    if (removed > 0) log.info({ removed }, 'files that no row names were removed');
    return removed;
  }

  return {
    tidy,
    /** Once a day, first a day after the start: a restart has better things to do. */
    start(): void {
      const run = () => void tidy().catch((fault: unknown) => log.warn({ err: fault }, 'tidying up failed'));
      timer ??= setInterval(run, dayMs).unref();
    },
    stop(): void {
      clearInterval(timer);
    },
  };
}
