import type { ClipOrder } from './clip-encoder.ts';
import type { Markers } from './markers.ts';

const FRAMES_PER_SECOND = 24;
const TINY_SHORT_SIDE_PX = 180;
/** 4K is filmed at 1080: a simulator's worker would need half a minute for it. */
const SHORT_SIDE_PX: Record<string, number> = { std: 720, pro: 1080, '4k': 1080 };

/**
 * The clip for a task: the picture's own shape with 720 (std) or 1080 (pro) pixels on the short side, 24 frames a second
 * and one frame more than asked (Kling's five seconds are 5.042 s too).
 * `tiny` gives 180 pixels of a plain scene instead, the same file for every task of that shape.
 */
export function clipOrder(ask: {
  picture: { bytes: Uint8Array | null; width: number; height: number };
  mode: string;
  seconds: number;
  /** Whether the clip gets a sound track; false. */
  sound?: boolean;
  markers: Markers;
  tiny: boolean;
}): ClipOrder {
  const shortSide = ask.tiny ? TINY_SHORT_SIDE_PX : (SHORT_SIDE_PX[ask.mode] ?? 720);
  const { width, height } = ask.markers.has('square-result') ? { width: 1, height: 1 } : ask.picture;
  const scale = shortSide / Math.min(width, height);
  const seconds = ask.markers.has('short-result') ? 2 : ask.seconds;
  return {
    picture: ask.tiny ? null : ask.picture.bytes,
    width: evenNumber(width * scale),
    height: evenNumber(height * scale),
    framesPerSecond: FRAMES_PER_SECOND,
    frameCount: seconds * FRAMES_PER_SECOND + 1,
    sound: ask.sound ?? false,
  };
}

/** The length as Kling writes it: a decimal string in seconds. */
export function durationText(clip: { frameCount: number; framesPerSecond: number }): string {
  return (clip.frameCount / clip.framesPerSecond).toFixed(3);
}

function evenNumber(value: number): number {
  return Math.round(value / 2) * 2;
}
