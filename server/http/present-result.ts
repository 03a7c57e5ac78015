import type { Job } from '../contract.ts';
import { makesVideo } from '../jobs/job.ts';
import { isOver } from '../jobs/result.ts';
import type { JobRow, StoredResult } from '../store/schema.ts';
import type { MediaLinks } from './media-links.ts';

interface Shown {
  link: MediaLinks;
  now: number;
  /** For a clip that was not made from a picture. */
  neutralPoster(aspectRatio: string): string;
}

/** The finished clip or picture of a job as the API shows it; nothing while there is none. */
export function presentResult(row: JobRow, shown: Shown): Pick<Job, 'video' | 'image'> {
  const { video, image } = row;
  if (video) {
    const posterUrl = row.still ? shown.link(row.still) : shown.neutralPoster(row.aspectRatio);
    return { video: { ...fileOf(row, video, shown), posterUrl, seconds: video.seconds } };
  }
  return image ? { image: fileOf(row, image, shown) } : {};
}

function fileOf(row: JobRow, stored: StoredResult, { link, now }: Shown): NonNullable<Job['image']> {
  const { key, contentType, width, height, bytes } = stored;
  const facts = { width, height, bytes };
  if (stored.link) {
    const { url, expiresAt } = stored.link;
    return {
      ...facts,
      url,
      downloadUrl: url,
      expiresAt: new Date(expiresAt).toISOString(),
      expired: isOver(stored, now),
    };
  }
  const url = link({ key, contentType, fileName: fileName(row, key) });
  return { ...facts, url, downloadUrl: `${url}?download=1` };
}

/** What a saved file is called. */
const fileName = ({ kind, id }: JobRow, key: string): string =>
  `${makesVideo(kind) ? 'video-cover' : 'picture'}-${id.slice(-8)}.${key.split('.').at(-1)}`;
