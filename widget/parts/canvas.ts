/**
 * Draws the picked picture. Canvas rather than img: the preview then shows exactly the pixels of the frame, and a host
 * policy that forbids `img-src blob:` cannot blank it.
 */
import type { Draft } from '../draft.ts';
import { paddedSize } from '../frame-geometry.ts';

const stageWidth = 1280;
const previewWidth = 480;

function prepare(canvas: HTMLCanvasElement, size: { width: number; height: number }): CanvasRenderingContext2D {
  canvas.width = Math.round(size.width);
  canvas.height = Math.round(size.height);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  return context;
}

/** The whole picture, drawn once for each picture. */
export function drawStage(canvas: HTMLCanvasElement, { picture }: Draft): void {
  const width = Math.min(picture!.width, stageWidth);
  const height = (width * picture!.height) / picture!.width;
  prepare(canvas, { width, height }).drawImage(picture!.image, 0, 0, width, height);
}

/** What will be sent: the frame, or the whole picture on white. */
export function drawPreview(canvas: HTMLCanvasElement, { picture, frame, fit, rules }: Draft): void {
  if (!picture || !rules || !frame) return;
  const size = { width: previewWidth, height: (previewWidth * rules.ratio.height) / rules.ratio.width };
  const context = prepare(canvas, size);
  if (fit === 'crop') {
    context.drawImage(picture.image, frame.x, frame.y, frame.width, frame.height, 0, 0, size.width, size.height);
    return;
  }
  const scale = size.width / paddedSize(rules).width;
  const width = picture.width * scale;
  const height = picture.height * scale;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, size.width, size.height);
  context.drawImage(picture.image, (size.width - width) / 2, (size.height - height) / 2, width, height);
}
