import sharp from 'sharp';
import { invalid } from './kling-answers.ts';
import { fetchPicture } from './picture-fetch.ts';

/** A picture that passed Kling's limits, with its size as a viewer sees it (EXIF turn applied). */
export type KlingPicture = { bytes: Buffer; width: number; height: number };

const MIN_SIDE_PX = 300;
const MAX_RATIO = 2.5;

/**
 * Reads raw base64 or fetches a URL, then checks type and size. Throws KlingRefusal 1201.
 * The base64 wording is live; the others stand in, because their exact text was never recorded.
 */
export async function readPicture(source: string, maxBytes: number): Promise<KlingPicture> {
  const bytes = /^https?:\/\//.test(source) ? await fetchPicture(source) : decodeBase64(source);
  if (!bytes) throw invalid('Failed to download the image from the given url');
  if (bytes.length > maxBytes) {
    throw invalid(`The size of the image can not exceed ${Math.round(maxBytes / 1024 / 1024)}MB`);
  }
  const facts = await sharp(bytes)
    .metadata()
    .catch(() => null);
  if (!facts || (facts.format !== 'jpeg' && facts.format !== 'png')) {
    throw invalid('The image format is not supported, only jpg/jpeg/png');
  }
  const { width, height } = facts.autoOrient;
  const ratio = Math.max(width / height, height / width);
  if (Math.min(width, height) < MIN_SIDE_PX || ratio > MAX_RATIO) throw invalid('Image pixel is invalid');
  return { bytes, width, height };
}

function decodeBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw invalid('File is not in a valid base64 format');
  return Buffer.from(text, 'base64');
}
