import { rename, writeFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { encodeClip } from './clip-encoder.ts';
import type { ClipOrder } from './clip-encoder.ts';

/** What the maker sends to its worker; the clip is written to `path` whole or not at all. */
export type ClipJob = { jobNumber: number; order: ClipOrder; path: string };
/** What comes back; `problem` is set when the picture could not be filmed. */
export type ClipReport = { jobNumber: number; problem: string | null };

parentPort?.on('message', (job: ClipJob) => void answer(job));

async function answer(job: ClipJob): Promise<void> {
  const report: ClipReport = { jobNumber: job.jobNumber, problem: await film(job) };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(report);
}

async function film(job: ClipJob): Promise<string | null> {
  try {
    const partPath = `${job.path}.${process.pid}-${job.jobNumber}.part`;
    await writeFile(partPath, await encodeClip(job.order));
    await rename(partPath, job.path);
    return null;
  } catch (problem) {
    return String(problem);
  }
}
