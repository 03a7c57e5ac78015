import { checkClip, probeClip } from '../media/clip.ts';
import { checkPicture, formatOf, type Pictures } from '../media/picture.ts';
import type { BlobFacts } from '../media/blobs.ts';
import { AppError } from '../errors.ts';
import type { JobRow, StoredClip, StoredResult } from '../store/schema.ts';
import { parseRatio } from './frame.ts';
import { makesVideo } from './job.ts';

/** A result file as it really is. */
export interface Examined {
  /** What is wrong with it by the order, in short English sentences for the admin; empty when all is as promised. */
  faults: string[];
  /** For the timeline. */
  facts: Record<string, unknown>;
  /** What the job keeps of it. */
  stored(
    file: BlobFacts & { key: string; link?: StoredResult['link'] },
  ): { video: StoredClip } | { image: StoredResult };
}

/** Reads what a file really is; null when it is not whole. `probe` reads clips. */
export function createExamine({ pictures, probe }: { pictures: Pictures; probe: typeof probeClip }) {
  async function examineClip(job: JobRow, path: string): Promise<Examined | null> {
    const facts = await probe(path);
    if (!facts) return null;
    const { width, height, seconds } = facts;
    return {
      faults: checkClip(facts, { ...job, aspectRatio: parseRatio(job.aspectRatio) }),
      facts: { ...facts },
      stored: (file) => ({ video: { ...file, width, height, seconds, contentType: 'video/mp4' } }),
    };
  }

  async function examinePicture(job: JobRow, path: string): Promise<Examined | null> {
    const facts = await pictures.inspect(path).catch((fault: unknown) => {
      if (fault instanceof AppError && fault.code === 'image_unreadable') return null;
      throw fault;
    });
    if (!facts) return null;
    const { width, height, format } = facts;
    return {
      faults: checkPicture(facts, parseRatio(job.aspectRatio)),
      facts: { ...facts },
      stored: (file) => ({ image: { ...file, width, height, contentType: `image/${format}` } }),
    };
  }

  return (job: JobRow, path: string): Promise<Examined | null> =>
    makesVideo(job.kind) ? examineClip(job, path) : examinePicture(job, path);
}

/** The finished clip or picture of a job that is completed. */
export const resultOf = ({ video, image }: Pick<JobRow, 'video' | 'image'>): StoredResult => (video ?? image)!;

/** Whether the provider's own address, where we keep no copy, has ended. */
export const isOver = ({ link }: StoredResult, now: number): boolean => link !== undefined && now > link.expiresAt;

/** The name that a result is kept under, by the seller, the kind and, for pictures, what its first bytes say. */
export function resultKey(job: Pick<JobRow, 'accountId' | 'kind' | 'id'>, at: number, start: Uint8Array): string {
  const format = formatOf(start);
  const extension = makesVideo(job.kind) ? 'mp4' : format === 'jpeg' ? 'jpg' : (format ?? 'png');
  return `${job.accountId}/${job.kind}/${job.id}-${at}.${extension}`;
}
