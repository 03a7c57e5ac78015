import { open } from 'node:fs/promises';
import sharp from 'sharp';
import { AppError } from '../errors.ts';
import { layOut, type Frame, type Layout, type Size } from './frame.ts';

/** Facts of a whole, readable still picture; the size is that of the upright picture. */
export interface PictureFacts extends Size {
  format: 'jpeg' | 'png' | 'webp';
}

/** What the receiver of a composed picture accepts. Taken from a provider's rules. */
export interface PictureLimits {
  formats: ('jpeg' | 'png')[];
  maxBytes: number;
  minSide: number;
  /** Longer side divided by shorter side. */
  maxRatio: number;
}

export interface Composition {
  path: string;
  /** Pixels of the upright picture. The whole picture is the frame to give when nothing smaller is wanted. */
  frame: Frame;
  fit: 'crop' | 'pad';
  aspectRatio: Size;
  rules: PictureLimits;
}

export interface ComposedPicture extends Size {
  bytes: Buffer;
  contentType: 'image/jpeg' | 'image/png';
}

export interface Pictures {
  /**
   * Decodes the whole file. Throws `AppError('image_unreadable')` for anything but a whole, still JPEG, PNG or WebP, with
   * the fact `maxPixels` when it has more pixels than allowed. Size and ratio are the caller's to judge.
   */
  inspect(path: string): Promise<PictureFacts>;
  /**
   * Cuts the frame and makes it fit the rules: the ratio of `aspectRatio` (see `layOut`), white where there was nothing,
   * sRGB without metadata, never scaled up, at most 4096 px long. PNG stays PNG while it fits `maxBytes`; everything else is JPEG 95
   * without colour subsampling, scaled down in steps when it is too heavy. Throws `AppError`: `invalid_request` for a
   * frame outside the picture, `image_too_small` (facts `minSide`, `width`, `height`), `image_ratio` (fact `maxRatio`),
   * `image_unreadable` as in `inspect`.
   */
  compose(composition: Composition): Promise<ComposedPicture>;
}

const maxSide = 4096;
const decodeSeconds = 60;
const white = '#ffffff';

/**
 * The only way pictures are decoded: one at a time, on libvips' own threads. It closes every libvips loader of this
 * process but JPEG, PNG and WebP, because the others (SVG, TIFF, GIF, HEIF …) only widen what a hostile file can reach.
 */
export function createPictures({ maxPixels = 50_000_000 }: { maxPixels?: number } = {}): Pictures {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'] });
  // The cache goes by path: another file later lent under the same path would give the first one's pixels.
  sharp.cache(false);
  const alone = createGate();
  const decode = (path: string, { autoOrient }: { autoOrient: boolean }) =>
    sharp(path, { failOn: 'truncated', limitInputPixels: maxPixels, autoOrient }).timeout({ seconds: decodeSeconds });

  /** Reads the header alone. `rows` is the height as stored, before EXIF orientation. */
  async function identify(path: string, format: PictureFacts['format'] | null) {
    if (!format) throw new AppError('image_unreadable');
    const header = await readable(sharp(path, { limitInputPixels: false }).metadata());
    if (header.format !== format || (header.pages ?? 1) > 1) throw new AppError('image_unreadable');
    if (header.width * header.height > maxPixels) throw new AppError('image_unreadable', { maxPixels });
    const facts: PictureFacts = { ...header.autoOrient, format };
    return { facts, rows: header.height };
  }

  /** Decodes, cuts, flattens and converts, once; what comes out are bare sRGB pixels. */
  async function render(path: string, { cut, content, canvas }: Layout): Promise<Pixels> {
    const left = Math.floor((canvas.width - content.width) / 2);
    const top = Math.floor((canvas.height - content.height) / 2);
    const right = canvas.width - content.width - left;
    const bottom = canvas.height - content.height - top;
    const pixels = decode(path, { autoOrient: true })
      .extract({ left: cut.x, top: cut.y, width: cut.width, height: cut.height })
      .flatten({ background: white })
      .resize({ ...content, fit: 'fill' })
      .extend({ left, top, right, bottom, background: white })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { data: bytes, info } = await readable(pixels);
    return { bytes, width: info.width, height: info.height, channels: info.channels };
  }

  return {
    async inspect(path) {
      const format = await sniff(path);
      return alone(async () => {
        const { facts, rows } = await identify(path, format);
        // libvips decodes whole rows from the first one on, so the last row costs the whole picture and next to nothing
        // besides, in little memory: of a million pixels 3.4 ms of processor time, against 8.6 with every row reduced
        // to a pixel; 48 megapixels take 0.3 s as JPEG, 0.4 s as PNG, 1.8 s as WebP.
        const corner = { left: 0, top: rows - 1, width: 1, height: 1 };
        await readable(decode(path, { autoOrient: false }).extract(corner).raw().toBuffer());
        return facts;
      });
    },
    compose: ({ path, frame, fit, aspectRatio, rules }) =>
      alone(async () => {
        const { facts } = await identify(path, await sniff(path));
        if (!isInside(frame, facts)) throw new AppError('invalid_request', { field: 'frame' });
        const layout = layOut({ frame, fit, aspectRatio, maxSide });
        checkShape(layout.canvas, rules);
        const pixels = await render(path, layout);
        const keepsPng = facts.format === 'png' && rules.formats.includes('png');
        const png = keepsPng ? await encode(pixels, 'png') : null;
        if (png && png.bytes.length <= rules.maxBytes) return png;
        return shrinkToFit({ pixels, aspectRatio, rules });
      }),
  };
}

interface Pixels extends Size {
  bytes: Buffer;
  channels: 1 | 2 | 3 | 4;
}

async function shrinkToFit(wanted: {
  pixels: Pixels;
  aspectRatio: Size;
  rules: PictureLimits;
}): Promise<ComposedPicture> {
  const { pixels, aspectRatio, rules } = wanted;
  const format = rules.formats.includes('jpeg') ? 'jpeg' : 'png';
  let longer = Math.max(pixels.width, pixels.height);
  for (;;) {
    const frame = { x: 0, y: 0, width: pixels.width, height: pixels.height };
    const { canvas } = layOut({ frame, fit: 'crop', aspectRatio, maxSide: longer });
    checkShape(canvas, rules);
    const picture = await encode(pixels, format, canvas);
    if (picture.bytes.length <= rules.maxBytes) return picture;
    // Bytes go about with the area; at least a tenth off each time, so it ends.
    longer = Math.floor(longer * Math.min(0.9, Math.sqrt(rules.maxBytes / picture.bytes.length)));
  }
}

async function encode(pixels: Pixels, format: 'jpeg' | 'png', size: Size = pixels): Promise<ComposedPicture> {
  const { width, height, channels } = pixels;
  const image = sharp(pixels.bytes, { raw: { width, height, channels } }).resize({
    width: size.width,
    height: size.height,
    fit: 'fill',
  });
  const encoded =
    format === 'png' ? image.png() : image.jpeg({ quality: 95, chromaSubsampling: '4:4:4', mozjpeg: false });
  const { data: bytes, info } = await encoded.toBuffer({ resolveWithObject: true });
  return { bytes, width: info.width, height: info.height, contentType: `image/${format}` };
}

function checkShape({ width, height }: Size, { minSide, maxRatio }: PictureLimits): void {
  if (Math.min(width, height) < minSide) throw new AppError('image_too_small', { minSide, width, height });
  if (Math.max(width, height) > maxRatio * Math.min(width, height)) throw new AppError('image_ratio', { maxRatio });
}

function isInside({ x, y, width, height }: Frame, picture: Size): boolean {
  return (
    [x, y, width, height].every(Number.isSafeInteger) &&
    Math.min(x, y) >= 0 &&
    Math.min(width, height) >= 1 &&
    x + width <= picture.width &&
    y + height <= picture.height
  );
}

/** By the first bytes alone, so that nothing else ever reaches a decoder. */
async function sniff(path: string): Promise<PictureFacts['format'] | null> {
  const handle = await open(path);
  try {
    const { buffer: bytes } = await handle.read(Buffer.alloc(12), 0, 12, 0);
    return formatOf(bytes);
  } finally {
    await handle.close();
  }
}

/** The format that the first twelve bytes claim; null for any that we do not take. */
export function formatOf(start: Uint8Array): PictureFacts['format'] | null {
  const text = Buffer.from(start.subarray(0, 12)).toString('latin1');
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  return text.startsWith('RIFF') && text.slice(8) === 'WEBP' ? 'webp' : null;
}

/**
 * Picture models have sizes of their own for each ratio: nano-banana's 3:4 is 864×1184, and its 5:4, 1152×896, is the
 * farthest off, by 2.9 % (Gemini API, image generation page, sizes by ratio, as of 2026). The next ratio is 6 % away.
 */
const maxPictureStretch = 0.04;

/** What is wrong with a finished picture, in short English sentences. */
export function checkPicture({ width, height }: Size, ratio: Size): string[] {
  const stretch = width / height / (ratio.width / ratio.height);
  return Math.abs(stretch - 1) <= maxPictureStretch
    ? []
    : [`the picture is ${width}×${height}, not ${ratio.width}:${ratio.height}`];
}

async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new AppError('image_unreadable', {}, error);
  }
}

/** Runs what it is given one after the other; a failure does not stop the next. */
function createGate(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
