import { rename } from 'node:fs/promises';
import sharp from 'sharp';
import type { ClipOrder } from './clip-encoder.ts';
import { clipOrder } from './clip-orders.ts';
import type { KieModel } from './kie-models.ts';
import type { KiePicture } from './kie-pictures.ts';
import type { Markers } from './markers.ts';
import type { PictureOrder } from './picture-maker.ts';
import type { Fields } from './simulator-http.ts';

/** What a task's result looks like from outside. */
export type ResultShape = { extension: 'mp4' | 'png' | 'jpg' | 'jpeg'; contentType: string };

/** What to make: a clip, or a picture in one of three formats. */
export type ResultOrder =
  { kind: 'clip'; clip: ClipOrder } | { kind: 'picture'; picture: PictureOrder; asJpeg: boolean };

/** About one million pixels per K: nano-banana's square is 1024 × 1024. */
const PICTURE_SIDE_PX: Record<string, number> = { '1K': 1024, '2K': 2048, '4K': 4096 };
const TINY_SIDE_PX = 128;

/** The kind of file that this input gives. */
export function resultShape(model: KieModel, input: Fields): ResultShape {
  if (model.makes === 'clip') return { extension: 'mp4', contentType: 'video/mp4' };
  const format = input['output_format'];
  if (format === 'png') return { extension: 'png', contentType: 'image/png' };
  return { extension: format === 'jpeg' ? 'jpeg' : 'jpg', contentType: 'image/jpeg' };
}

/** The order for a checked input; `pictures` are the fetched ones, first frame or reference first. */
export function resultOrder(
  model: KieModel,
  { input, pictures, markers, tiny }: { input: Fields; pictures: KiePicture[]; markers: Markers; tiny: boolean },
): ResultOrder {
  const [first] = pictures;
  if (model.makes === 'clip') {
    const picture = first ?? { bytes: null, ...frameOf(input) };
    const mode = typeof input['mode'] === 'string' ? input['mode'].toLowerCase() : (model.mode ?? 'std');
    const seconds = Number(input['duration'] ?? input['n_frames'] ?? 5);
    const sound = input['sound'] === true || input['multi_shots'] === true;
    return { kind: 'clip', clip: clipOrder({ picture, mode, seconds, sound, markers, tiny }) };
  }
  const { width, height } = markers.has('square-result') ? { width: 1, height: 1 } : pictureRatio(input, first);
  const sidePx = tiny ? TINY_SIDE_PX : (PICTURE_SIDE_PX[String(input['resolution'] ?? '1K')] ?? 1024);
  const picture = {
    prompt: String(input['prompt']),
    width: Math.round(sidePx * Math.sqrt(width / height)),
    height: Math.round(sidePx * Math.sqrt(height / width)),
    ...(first && { reference: first.bytes }),
  };
  return { kind: 'picture', picture, asJpeg: resultShape(model, input).contentType === 'image/jpeg' };
}

/** Makes results; the same order gives the same file. */
export function createResultMaker(parts: {
  film: (order: ClipOrder) => Promise<string>;
  draw: (order: PictureOrder) => Promise<string>;
}) {
  return async function make(order: ResultOrder): Promise<string> {
    if (order.kind === 'clip') return parts.film(order.clip);
    const png = await parts.draw(order.picture);
    if (!order.asJpeg) return png;
    const partPath = `${png}.${crypto.randomUUID()}.part`;
    await sharp(png).jpeg({ quality: 90 }).toFile(partPath);
    await rename(partPath, `${png}.jpg`);
    return `${png}.jpg`;
  };
}

/** A ratio such as 16:9, `portrait` or `landscape`. */
function frameOf(input: Fields): { width: number; height: number } {
  const ratio = String(input['aspect_ratio'] ?? '16:9');
  const named: Record<string, string> = { portrait: '9:16', landscape: '16:9' };
  const [width = 16, height = 9] = (named[ratio] ?? ratio).split(':').map(Number);
  return { width, height };
}

function pictureRatio(input: Fields, first: KiePicture | undefined): { width: number; height: number } {
  const ratio = String(input['image_size'] ?? input['aspect_ratio'] ?? 'auto');
  if (ratio === 'auto') return first ?? { width: 1, height: 1 };
  return frameOf({ aspect_ratio: ratio });
}
