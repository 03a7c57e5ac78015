export interface Size {
  width: number;
  height: number;
}

/** Integer pixels of the upright picture. */
export interface Frame extends Size {
  x: number;
  y: number;
}

/** How a frame becomes a picture of the wanted ratio, in whole pixels. */
export interface Layout {
  /** What to cut out of the upright picture. */
  cut: Frame;
  /** The size the cut is brought to; never larger than the cut. */
  content: Size;
  /** The finished picture; `content` lies in its middle. */
  canvas: Size;
}

/** Above this, a ratio is not made of small numbers, and whole multiples of it would trim far more than a few pixels. */
const largestExactTerm = 64;

/**
 * Lays a frame out at most `maxSide` pixels long. `crop` trims the frame evenly to the ratio, `pad` keeps all of it
 * on a canvas of the ratio. The canvas has exactly the ratio when that is made of small numbers (3:4, 16:9, 1200:1600),
 * else the nearest whole pixels. A frame smaller than one unit of the ratio is rounded too.
 */
export function layOut(wanted: { frame: Frame; fit: 'crop' | 'pad'; aspectRatio: Size; maxSide: number }): Layout {
  const { frame, fit, maxSide } = wanted;
  const ratio = lowestTerms(wanted.aspectRatio);
  const isExact = Math.max(ratio.width, ratio.height) <= largestExactTerm;
  const across = frame.width / ratio.width;
  const down = frame.height / ratio.height;
  const whole = (units: number, round: (units: number) => number) => (isExact && units >= 1 ? round(units) : units);

  const full = fit === 'crop' ? whole(Math.min(across, down), Math.floor) : whole(Math.max(across, down), Math.ceil);
  const units = Math.min(full, whole(maxSide / Math.max(ratio.width, ratio.height), Math.floor));
  const canvas = multiply(ratio, units);
  if (fit === 'crop') {
    const cut = multiply(ratio, full);
    const x = frame.x + Math.floor((frame.width - cut.width) / 2);
    const y = frame.y + Math.floor((frame.height - cut.height) / 2);
    return { cut: { x, y, ...cut }, content: canvas, canvas };
  }
  const content = multiply(frame, units / full);
  return {
    cut: frame,
    content: { width: Math.min(content.width, canvas.width), height: Math.min(content.height, canvas.height) },
    canvas,
  };
}

function multiply({ width, height }: Size, factor: number): Size {
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

function lowestTerms({ width, height }: Size): Size {
  let [divisor, rest] = [width, height];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return { width: width / divisor, height: height / divisor };
}
