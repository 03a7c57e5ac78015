import sharp from 'sharp';

const shorterSide = 720;

type Colour = readonly [red: number, green: number, blue: number];
type Shape = (x: number, y: number) => boolean;

const ellipse =
  (cy: number, rx: number, ry: number): Shape =>
  (x, y) =>
    (x / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;

/** A box with round lower corners. */
const body: Shape = (x, y) => {
  const [right, low, corner] = [140, 170, 50];
  const [overX, overY] = [Math.abs(x) - (right - corner), y - (low - corner)];
  const isInBox = Math.abs(x) <= right && y >= -150 && y <= low;
  return isInBox && (overX <= 0 || overY <= 0 || Math.hypot(overX, overY) <= corner);
};
const handle: Shape = (x, y) => x > 100 && Math.abs(Math.hypot(Math.max(0, x - 150), y - 10) - 70) <= 15;

/** A mug with its shadow, round the middle of the picture; the last shape that holds a point gives its colour. */
const mug: readonly [shape: Shape, colour: Colour][] = [
  [ellipse(176, 190, 26), [163, 181, 170]],
  [handle, [143, 74, 44]],
  [body, [181, 98, 61]],
  [ellipse(-150, 140, 34), [124, 61, 35]],
];
const wall = { top: [233, 239, 233], bottom: [195, 210, 201] } as const;

/**
 * A drawn product on a calm ground as a JPEG of that ratio, for try-outs: no seller's picture is needed. Drawn point by
 * point, because a server lets libvips read no drawings (`createPictures`).
 */
export async function samplePicture(ratio: { width: number; height: number }): Promise<Uint8Array> {
  const unit = shorterSide / Math.min(ratio.width, ratio.height);
  const [width, height] = [Math.round(ratio.width * unit), Math.round(ratio.height * unit)];
  const pixels = new Uint8Array(width * height * 3);
  for (let row = 0, at = 0; row < height; row++) {
    const ground = wall.top.map((level, n) => level + (wall.bottom[n]! - level) * (row / height));
    for (let column = 0; column < width; column++) {
      const [x, y] = [column - width / 2, row - height / 2];
      const isNear = Math.abs(x) < 240 && Math.abs(y) < 210;
      const colour = (isNear && mug.findLast(([holds]) => holds(x, y))?.[1]) || ground;
      pixels[at++] = colour[0]!;
      pixels[at++] = colour[1]!;
      pixels[at++] = colour[2]!;
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
