import { createHash } from 'node:crypto';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ClipOrder } from './clip-encoder.ts';
import type { ClipJob, ClipReport } from './clip-worker.ts';

/** Makes clips one after another in a thread of its own and keeps them on disk. */
export type ClipMaker = {
  /** The path of the finished MP4. The same order gives the same file. Rejects when the picture cannot be decoded. */
  make(order: ClipOrder): Promise<string>;
  /** Stops the thread; unfinished orders reject. */
  close(): Promise<void>;
};

/** Changes whenever the encoder's result changes, so that clips kept by an earlier version are not served. */
const MAKER_VERSION = 'clip-4';

/** `directory` is created when missing; finished clips stay there and serve the next start as well. */
export function createClipMaker(directory: string): ClipMaker {
  const ordered = new Map<string, Promise<string>>();
  const filming = new Map<number, (problem: string | null) => void>();
  let worker: Worker | null = null;
  let lastJobNumber = 0;

  function startWorker(): Worker {
    const started = new Worker(new URL('./clip-worker.ts', import.meta.url));
    started.unref();
    started.on('message', (report: ClipReport) => {
      filming.get(report.jobNumber)?.(report.problem);
      filming.delete(report.jobNumber);
    });
    started.on('error', (problem) => stopAll(String(problem)));
    return started;
  }

  function stopAll(reason: string): void {
    worker = null;
    for (const finish of filming.values()) finish(reason);
    filming.clear();
  }

  async function film(order: ClipOrder, path: string): Promise<string> {
    await mkdir(directory, { recursive: true });
    if (await exists(path)) return path;
    worker ??= startWorker();
    const jobNumber = (lastJobNumber += 1);
    const { promise, resolve } = Promise.withResolvers<string | null>();
    filming.set(jobNumber, resolve);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage({ jobNumber, order, path } satisfies ClipJob);
    const problem = await promise;
    if (problem !== null) throw new Error(`The clip could not be made: ${problem}`);
    return path;
  }

  return {
    make(order) {
      const path = join(directory, `${fingerprint(order)}.mp4`);
      const known = ordered.get(path);
      if (known) return known;
      const made = film(order, path);
      ordered.set(path, made);
      made.catch(() => ordered.delete(path));
      return made;
    },
    async close() {
      const running = worker;
      stopAll('the simulator was closed');
      await running?.terminate();
    },
  };
}

function fingerprint(order: ClipOrder): string {
  const shape = [
    MAKER_VERSION,
    order.width,
    order.height,
    order.frameCount,
    order.framesPerSecond,
    order.sound ?? false,
  ].join(' ');
  return createHash('sha256')
    .update(shape)
    .update(order.picture ?? 'plain')
    .digest('hex');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
