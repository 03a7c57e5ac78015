import type { Frame, Size } from '../media/frame.ts';

export type { Frame } from '../media/frame.ts';
export type Ratio = Size;

/** `"3:4"` → `{ width: 3, height: 4 }`. Throws on anything else: presets are checked before they are stored. */
export function parseRatio(text: string): Ratio {
  const match = /^([1-9]\d{0,2}):([1-9]\d{0,2})$/.exec(text);
  if (!match) throw new Error(`not an aspect ratio: ${text}`);
  return { width: Number(match[1]), height: Number(match[2]) };
}

/** The largest frame of that ratio in the middle of the picture, in whole pixels. */
export function centredFrame(picture: Ratio, ratio: Ratio): Frame {
  const unit = Math.min(picture.width / ratio.width, picture.height / ratio.height);
  const width = Math.min(picture.width, Math.round(unit * ratio.width));
  const height = Math.min(picture.height, Math.round(unit * ratio.height));
  return { x: Math.floor((picture.width - width) / 2), y: Math.floor((picture.height - height) / 2), width, height };
}

/** The smallest frame the provider takes: its shorter side must have `minSide` pixels. */
export function minFrame(ratio: Ratio, minSide: number): { width: number; height: number } {
  const unit = minSide / Math.min(ratio.width, ratio.height);
  return { width: Math.ceil(unit * ratio.width), height: Math.ceil(unit * ratio.height) };
}

export interface FrameQuestion {
  picture: Ratio;
  frame: Frame | undefined;
  fit: 'crop' | 'pad';
  ratio: Ratio;
  minSide: number;
}

/** The frame that will be cut, or a sentence that says what is wrong with the one asked for. */
export function resolveFrame({ picture, frame, fit, ratio, minSide }: FrameQuestion): Frame | { problem: string } {
  const chosen =
    frame ??
    (fit === 'pad' ? { x: 0, y: 0, width: picture.width, height: picture.height } : centredFrame(picture, ratio));
  if (chosen.x + chosen.width > picture.width || chosen.y + chosen.height > picture.height)
    return { problem: `frame must lie inside the picture of ${picture.width}×${picture.height} pixels` };
  const sent = fit === 'pad' ? padded(chosen, ratio) : chosen;
  const least = minFrame(ratio, minSide);
  if (sent.width < least.width || sent.height < least.height)
    return { problem: `frame must be at least ${least.width}×${least.height} pixels` };
  const roundingSlack = ratio.width + ratio.height;
  if (fit === 'crop' && Math.abs(chosen.width * ratio.height - chosen.height * ratio.width) > roundingSlack)
    return { problem: `frame must have the ratio ${ratio.width}:${ratio.height}` };
  return chosen;
}

function padded(frame: Ratio, ratio: Ratio): Ratio {
  const unit = Math.max(frame.width / ratio.width, frame.height / ratio.height);
  return { width: Math.ceil(unit * ratio.width), height: Math.ceil(unit * ratio.height) };
}
