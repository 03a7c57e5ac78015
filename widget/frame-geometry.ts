/**
 * The arithmetic of the crop frame, free of DOM. A frame is always whole pixels of the upright source picture, always
 * inside it, and exactly of the preset's ratio: its sides are whole multiples of the ratio's terms (3:4 → 3k × 4k),
 * because Kling gives the clip the shape of the picture it was sent.
 */
import type { Frame, Preset } from '../server/contract.ts';

export interface Size {
  width: number;
  height: number;
}

/** What bounds a frame: the picture, the ratio's two whole terms, and the smallest and largest multiple `k` of them. */
export interface FrameRules {
  source: Size;
  ratio: Size;
  smallest: number;
  largest: number;
}

/** Reads `"3:4"`; anything else counts as 3:4, the shape of a cover. */
export function parseRatio(text: string): Size {
  const [width, height] = text.split(':').map(Number);
  return width && height && width > 0 && height > 0 ? { width, height } : { width: 3, height: 4 };
}

/** `largest` may be below `smallest`: then the picture is too small for the preset, see {@link isTooSmall}. */
export function frameRules(source: Size, preset: Pick<Preset, 'aspectRatio' | 'limits'>): FrameRules {
  const ratio = parseRatio(preset.aspectRatio);
  const { minFrameWidth, minFrameHeight } = preset.limits;
  return {
    source,
    ratio,
    smallest: Math.max(1, Math.ceil(Math.max(minFrameWidth / ratio.width, minFrameHeight / ratio.height))),
    largest: Math.floor(Math.min(source.width / ratio.width, source.height / ratio.height)),
  };
}

/** True when no frame of the promised smallest size fits into the picture. */
export const isTooSmall = (rules: FrameRules): boolean => rules.largest < rules.smallest;

/** `low` wins over a `high` below it. */
export const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), Math.max(low, high));

/** The nearest legal frame to a wished position and width. */
export function settle(rules: FrameRules, wish: { x: number; y: number; width: number }): Frame {
  const { source, ratio } = rules;
  const k = clamp(Math.round(wish.width / ratio.width), Math.min(rules.smallest, rules.largest), rules.largest);
  const width = k * ratio.width;
  const height = k * ratio.height;
  return {
    x: clamp(Math.round(wish.x), 0, source.width - width),
    y: clamp(Math.round(wish.y), 0, source.height - height),
    width,
    height,
  };
}

/** The largest frame, in the middle of the picture. */
export function centredFrame(rules: FrameRules): Frame {
  const { source, ratio, largest } = rules;
  const width = largest * ratio.width;
  return settle(rules, { x: (source.width - width) / 2, y: (source.height - largest * ratio.height) / 2, width });
}

/** Moves by whole source pixels and stops at the edges. */
export const moveFrame = (rules: FrameRules, frame: Frame, by: { x: number; y: number }): Frame =>
  settle(rules, { x: frame.x + by.x, y: frame.y + by.y, width: frame.width });

/**
 * Changes the width and keeps one point of the frame where it is: `anchor` is that point as shares of the frame
 * ({0.5, 0.5} the middle, {0, 0} its top left corner).
 */
export function resizeFrame(rules: FrameRules, frame: Frame, to: { width: number; anchor: { x: number; y: number } }) {
  const { width, height } = settle(rules, { ...frame, width: to.width });
  return settle(rules, {
    x: frame.x + (frame.width - width) * to.anchor.x,
    y: frame.y + (frame.height - height) * to.anchor.y,
    width,
  });
}

/** 0 is the largest frame, 100 the smallest allowed one. */
export function zoomOf(rules: FrameRules, frame: Frame): number {
  const span = rules.largest - rules.smallest;
  return span > 0 ? Math.round(((rules.largest - frame.width / rules.ratio.width) / span) * 100) : 0;
}

/** The reverse of {@link zoomOf}, around the middle of the frame. */
export function zoomFrame(rules: FrameRules, frame: Frame, zoom: number): Frame {
  const k = rules.largest - ((rules.largest - rules.smallest) * zoom) / 100;
  return resizeFrame(rules, frame, { width: k * rules.ratio.width, anchor: { x: 0.5, y: 0.5 } });
}

/** What a key does to the frame: arrows move by 1 % of the picture (Shift: 10 %), plus and minus zoom, zero resets; else null. */
export function frameAfterKey(rules: FrameRules, frame: Frame, press: { key: string; shiftKey: boolean }) {
  const share = press.shiftKey ? 0.1 : 0.01;
  const step = { x: rules.source.width * share, y: rules.source.height * share };
  switch (press.key) {
    case 'ArrowLeft':
      return moveFrame(rules, frame, { x: -step.x, y: 0 });
    case 'ArrowRight':
      return moveFrame(rules, frame, { x: step.x, y: 0 });
    case 'ArrowUp':
      return moveFrame(rules, frame, { x: 0, y: -step.y });
    case 'ArrowDown':
      return moveFrame(rules, frame, { x: 0, y: step.y });
    case '+':
    case '=':
      return zoomFrame(rules, frame, zoomOf(rules, frame) + 5);
    case '-':
    case '_':
      return zoomFrame(rules, frame, zoomOf(rules, frame) - 5);
    case '0':
      return centredFrame(rules);
    default:
      return null;
  }
}

/** The canvas the whole picture is laid on when it is padded instead of cropped: the smallest of the ratio that holds it. */
export function paddedSize({ source, ratio }: FrameRules): Size {
  const k = Math.ceil(Math.max(source.width / ratio.width, source.height / ratio.height));
  return { width: k * ratio.width, height: k * ratio.height };
}
