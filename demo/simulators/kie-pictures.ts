import sharp from 'sharp';
import { fetchPicture } from './picture-fetch.ts';

/** A picture that Kie.ai could fetch, with its size as a viewer sees it (EXIF turn applied). */
export type KiePicture = { bytes: Buffer; width: number; height: number };

/** Why a task fails: a code as text and a sentence, as `failCode` and `failMsg` show them. */
export type KieFailure = { failCode: string; failMsg: string };

const FORMATS = ['jpeg', 'png', 'webp'];

/** Live text of 2026-07-21, with failCode "400". */
const UNREACHABLE: KieFailure = {
  failCode: '400',
  failMsg: 'Image fetch failed. Check access settings or use our File Upload API instead.',
};

/** The wording was never recorded. */
const UNUSABLE: KieFailure = { failCode: '422', failMsg: 'File type not supported' };

/** Thrown while a task's pictures are fetched or its result is made. */
export class KieTaskFailure extends Error {
  readonly failure: KieFailure;

  constructor(failure: KieFailure) {
    super(failure.failMsg);
    this.failure = failure;
  }
}

/**
 * Fetches a picture of an input. Throws KieTaskFailure when it cannot be reached or is no JPEG, PNG or WebP of at most
 * `maxBytes`. `reaches` says which addresses the vendor's servers get to.
 */
export async function readPicture(
  address: string,
  { reaches, maxBytes }: { reaches: (url: URL) => boolean; maxBytes: number },
): Promise<KiePicture> {
  const bytes = reaches(new URL(address)) ? await fetchPicture(address) : null;
  if (!bytes) throw new KieTaskFailure(UNREACHABLE);
  const facts = await sharp(bytes)
    .metadata()
    .catch(() => null);
  if (!facts || !FORMATS.includes(facts.format) || bytes.length > maxBytes) throw new KieTaskFailure(UNUSABLE);
  return { bytes, width: facts.autoOrient.width, height: facts.autoOrient.height };
}

/** Whether only this machine or this network can know the host: what a vendor's server never reaches. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (/^(127|10|0)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\./.test(host)) return true;
  if (host.includes(':')) return /^(::1?$|f[cd]|fe80)/.test(host);
  return !host.includes('.') || /\.(local|localhost|internal|test)$/.test(host);
}
