import type { BlobStore } from '../media/blobs.ts';
import type { StoredClip, StoredPicture } from '../store/schema.ts';

/** A product's picture as JPEG and clips of it as MP4, all of one size in pixels. */
export interface SampleFootage {
  width: number;
  height: number;
  picture: Uint8Array;
  clips: { seconds: number; bytes: Uint8Array }[];
}

/** Stores a still and a clip of so many seconds, or the nearest length there is, as a finished job has them. */
export async function storeFootage(
  blobs: Pick<BlobStore, 'put'>,
  footage: SampleFootage,
  job: { id: string; accountId: string; kind: string; seconds: number; completedAt: number },
): Promise<{ still: StoredPicture; video: StoredClip }> {
  const { width, height, picture, clips } = footage;
  const nearest = clips.toSorted((a, b) => Math.abs(a.seconds - job.seconds) - Math.abs(b.seconds - job.seconds))[0]!;
  const stillKey = `${job.accountId}/stills/${job.id}-1.jpg`;
  const clipKey = `${job.accountId}/${job.kind}/${job.id}-${job.completedAt}.mp4`;
  const put = (key: string, bytes: Uint8Array) => blobs.put(key, chunked(bytes), { maxBytes: bytes.length });
  const kept = await put(stillKey, picture);
  const { bytes, sha256 } = await put(clipKey, nearest.bytes);
  return {
    still: { key: stillKey, width, height, bytes: kept.bytes, contentType: 'image/jpeg' },
    video: { key: clipKey, width, height, bytes, contentType: 'video/mp4', seconds: nearest.seconds, sha256 },
  };
}

async function* chunked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
