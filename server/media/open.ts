import { isSellers, type BlobStore } from './blobs.ts';
import { createDiskBlobs, hasSellersFolder } from './disk.ts';
import { createS3Blobs, type S3Settings, type S3Surroundings } from './s3.ts';

type Storage = { kind: 'folder'; folder: string } | ({ kind: 's3' } & S3Settings);

/**
 * The blob store that the settings name: a folder, made when it is missing, or a bucket, which is not looked at yet and
 * stands in these surroundings.
 */
export function openBlobs(storage: Storage, surroundings: S3Surroundings = {}): Promise<BlobStore> {
  if (storage.kind === 'folder') return createDiskBlobs(storage.folder);
  const { kind: _, ...settings } = storage;
  return createS3Blobs(settings, surroundings);
}

/** Whether anything of a seller is kept. Throws the store's own words when it cannot be asked. */
export async function hasSellersObjects(storage: Storage, blobs: Pick<BlobStore, 'list'>): Promise<boolean> {
  if (storage.kind === 'folder') return hasSellersFolder(storage.folder);
  for await (const { key } of blobs.list()) if (isSellers(key.split('/')[0]!)) return true;
  return false;
}

/** What a person calls it. */
export const nameOfStorage = (storage: Storage): string =>
  storage.kind === 'folder' ? storage.folder : `s3://${[storage.bucket, storage.prefix].filter(Boolean).join('/')}`;
