/** The picked picture: checked before a byte is sent, decoded for the preview, and never changed. */
import type { Upload, UploadLimits } from '../server/contract.ts';
import { ApiError } from './api-error.ts';
import type { Size } from './frame-geometry.ts';

/** A picture that passed the checks. `width` and `height` are of the upright picture (EXIF orientation applied). */
export interface Picture extends Size {
  file: File;
  image: CanvasImageSource;
  /** Set once the server has the bytes, so that a second video does not send them again. */
  upload?: Upload;
  /** While its bytes are on their way. */
  sending?: Promise<void>;
  /** The job made from it last: that job can be shown with these pixels. */
  jobId?: string;
  /** Frees the decoded copy. */
  release: () => void;
}

/** Few systems know the type of such a file. */
const isHeic = ({ type, name }: File) => /[./]hei[cf]/i.test(type + name);

/** Refuses what the server would refuse, without the upload. Throws ApiError. */
export function checkFile(file: File, limits: UploadLimits): void {
  if (!limits.contentTypes.includes(file.type)) throw new ApiError(isHeic(file) ? 'heic' : 'unsupported_media_type');
  if (file.size > limits.maxBytes) throw new ApiError('upload_too_large');
}

/** The same for the picture's dimensions. */
export function checkSize({ width, height }: Size, limits: UploadLimits): void {
  if (width * height > limits.maxPixels) {
    throw new ApiError('image_too_large');
  }
  if (Math.min(width, height) < limits.minSide) {
    throw new ApiError('image_too_small', { facts: { minSide: limits.minSide } });
  }
  if (Math.max(width, height) / Math.min(width, height) > limits.maxRatio) {
    throw new ApiError('image_ratio');
  }
}

/** Checks and decodes. Throws ApiError with the reason a seller can act on. */
export async function readPicture(file: File, limits: UploadLimits): Promise<Picture> {
  checkFile(file, limits);
  const picture = await decodeByElement(file).catch(() => decodeByBitmap(file));
  try {
    checkSize(picture, limits);
  } catch (fault) {
    picture.release();
    throw fault;
  }
  return picture;
}

/** An img element applies the EXIF orientation in every browser, but a host's policy may forbid `img-src blob:`. */
async function decodeByElement(file: File): Promise<Picture> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch (fault) {
    URL.revokeObjectURL(url);
    throw fault;
  }
  return {
    file,
    image,
    width: image.naturalWidth,
    height: image.naturalHeight,
    release: () => URL.revokeObjectURL(url),
  };
}

/** A bitmap needs no URL, so no Content-Security-Policy can be in its way. */
async function decodeByBitmap(file: File): Promise<Picture> {
  try {
    const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
    return { file, image, width: image.width, height: image.height, release: () => image.close() };
  } catch (cause) {
    throw new ApiError('image_unreadable', { cause });
  }
}
