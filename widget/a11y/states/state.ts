/** What a state is, and what the ways to several of them have in common. */
import type { Job } from '../../../server/contract.ts';
import { finishedPicture, pastJob, pngFile, until, type CoverPage } from '../../testing/cover-page.ts';

/** Adds the element with these attributes and waits until it is ready. */
export type Open = (attributes?: Record<string, string>) => Promise<void>;

/** One state, and the way to it: the levers first, then `open`, then what a seller does. */
export interface State {
  name: string;
  reach: (page: CoverPage, open: Open) => Promise<unknown>;
}

/** Longer than any test. */
export const foreverMs = 60_000;

/** Writes into a field as a seller would. */
export async function write(page: CoverPage, selector: string, text: string): Promise<void> {
  const field = await until(() => page.find<HTMLInputElement>(selector));
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await page.element.updateComplete;
}

/** Each of a size that every preset takes. */
export const photos = (count: number): Promise<File[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => pngFile(600, 800, `photo-${at + 1}.png`)));

/** As `pastJob`, without a result. */
export function jobWithout(page: CoverPage, number: number, change: Partial<Job>): Job {
  const { video: _video, ...job } = pastJob(page.base, number, change);
  return job;
}

/** A past job of each fate: done, under way, in the queue, failed, cancelled, ended, a picture, a clip from words. */
export function jobsOfEachFate(page: CoverPage): Job[] {
  const { source: _source, ...words } = pastJob(page.base, 7, { kind: 'text-to-video', title: 'A clip from words' });
  return [
    pastJob(page.base, 1),
    jobWithout(page, 2, { status: 'processing', stage: 'generating', progress: 42 }),
    jobWithout(page, 3, { status: 'pending', stage: 'queued', progress: 0, queuePosition: 3 }),
    jobWithout(page, 4, {
      status: 'failed',
      refunded: true,
      error: { code: 'content_refused', message: 'refused' },
      receipt: { quoted: 10, debited: 10, refunded: 10, reason: 'content_refused' },
    }),
    jobWithout(page, 5, { status: 'cancelled', receipt: { quoted: 10, debited: 10, refunded: 10 } }),
    { ...jobWithout(page, 6, { kind: 'text-to-image', seconds: null }), ...finishedPicture(page.base) },
    words,
    pastJob(page.base, 8, { video: { ...pastJob(page.base, 8).video!, expired: true } }),
  ];
}
