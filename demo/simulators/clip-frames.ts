import sharp from 'sharp';

/** Width and height of a clip in pixels; both are even, because H.264 stores colour at half size. */
export type ClipSize = { width: number; height: number };

type Plane = { samples: Uint8Array; width: number; height: number };

/** A still as three planes (BT.709, limited range), larger than the clip so that the camera can move inside it. */
export type StillPlanes = { luma: Plane; blue: Plane; red: Plane };

/**
 * The part of the still that one frame shows, in fractions of the still's width and height, and where a soft band of
 * light stands on the way through the frame (0 before its upper left corner, 1 past the lower right one).
 */
export type CameraView = { left: number; top: number; width: number; height: number; light: number };

/** How much larger than the clip the still is kept: the deepest zoom still has more samples than the frame. */
const STILL_SCALE = 1.5;
const ZOOM_DEPTH = 0.16;
/** The band of light: how much brighter its middle is, and its half width as a share of the way. */
const LIGHT_GAIN = 0.13;
const LIGHT_REACH = 0.3;
/** Black and white in the limited range of video. */
const BLACK = 16;
const WHITE = 235;

/**
 * Decodes a picture (or draws a plain one for `null`) and splits it into planes.
 * Throws sharp's error when the bytes are not a whole picture.
 *
 * The planes are BT.709 because players assume it for an unmarked H.264 stream of 720 lines and more;
 * the encoder's own RGB entry converts with BT.601 and would tint every clip.
 */
export async function readStill(picture: Uint8Array | null, size: ClipSize): Promise<StillPlanes> {
  const width = evenNumber(size.width * STILL_SCALE);
  const height = evenNumber(size.height * STILL_SCALE);
  if (!picture) return splitPlanes(plainScene(width, height), width, height);
  const pixels = await sharp(picture, { failOn: 'truncated' })
    .autoOrient()
    .resize(width, height, { fit: 'cover' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return splitPlanes(pixels, width, height);
}

/**
 * Where the camera looks at `moment` (0 at the first frame, 1 at the end): a slow push in and back with a slight drift,
 * while a band of light crosses the picture once.
 * It ends where it began, so that a clip played in a loop has no jump.
 */
export function cameraAt(moment: number): CameraView {
  const turn = 2 * Math.PI * moment;
  const zoom = 1.02 + (ZOOM_DEPTH * (1 - Math.cos(turn))) / 2;
  const width = 1 / zoom;
  const room = 1 - width;
  return {
    width,
    height: width,
    left: room * (0.5 + 0.3 * Math.sin(turn)),
    top: room * (0.5 - 0.18 * Math.sin(turn)),
    light: moment % 1,
  };
}

/** Fills `frame` (I420: width × height × 1.5 bytes) with what the camera sees, sampled between the still's pixels. */
export function drawFrame(
  still: StillPlanes,
  view: CameraView,
  { size, frame }: { size: ClipSize; frame: Uint8Array },
) {
  const { width, height } = size;
  const lumaBytes = width * height;
  const colourBytes = lumaBytes / 4;
  const luma = frame.subarray(0, lumaBytes);
  samplePlane(still.luma, view, { target: luma, width, height });
  shineOn(luma, size, view.light);
  const half = { width: width / 2, height: height / 2 };
  samplePlane(still.blue, view, { target: frame.subarray(lumaBytes, lumaBytes + colourBytes), ...half });
  samplePlane(still.red, view, { target: frame.subarray(lumaBytes + colourBytes), ...half });
}

/** Brightens a diagonal band; it is outside the frame at both ends of its way, so the loop stays whole. */
function shineOn(luma: Uint8Array, { width, height }: ClipSize, light: number): void {
  const way = width + height;
  const middle = light * (1 + 2 * LIGHT_REACH) - LIGHT_REACH;
  const gains = Float32Array.from({ length: way }, (_, index) => {
    const distance = Math.abs(index / way - middle) / LIGHT_REACH;
    return distance < 1 ? (LIGHT_GAIN * (1 + Math.cos(Math.PI * distance))) / 2 : 0;
  });
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, at += 1) {
      const value = luma[at]!;
      luma[at] = Math.min(value + (value - BLACK) * gains[row + column]!, WHITE);
    }
  }
}

function evenNumber(value: number): number {
  return Math.round(value / 2) * 2;
}

/**
 * A lit ball before a wall, point by point. Not an SVG: whoever runs the simulator may have closed sharp's SVG loader for
 * the whole process, as this project's server does.
 */
function plainScene(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1, at += 3) pixels.set(sceneColour(x / width, y / height), at);
  return pixels;
}

function sceneColour(x: number, y: number): [number, number, number] {
  const light = Math.hypot(x - 0.42, y - 0.44) / 0.4;
  if (Math.hypot(x - 0.5, y - 0.52) < 0.25) return [255 - 146 * light, 235 - 170 * light, 215 - 175 * light];
  const shadow = Math.hypot((x - 0.52) / 3, y - 0.78) < 0.05 ? 0.7 : 1;
  return [(233 - 48 * y) * shadow, (228 - 54 * y) * shadow, (220 - 60 * y) * shadow];
}

function splitPlanes(pixels: Buffer, width: number, height: number): StillPlanes {
  const halfWidth = width / 2;
  const halfHeight = height / 2;
  const luma = new Uint8Array(width * height);
  const blue = new Uint8Array(halfWidth * halfHeight);
  const red = new Uint8Array(halfWidth * halfHeight);
  for (let at = 0, from = 0; at < luma.length; at += 1, from += 3) {
    luma[at] = BLACK + 0.5 + 0.1826 * pixels[from]! + 0.6142 * pixels[from + 1]! + 0.062 * pixels[from + 2]!;
  }
  for (let row = 0, at = 0; row < halfHeight; row += 1) {
    for (let column = 0; column < halfWidth; column += 1, at += 1) {
      const first = (row * 2 * width + column * 2) * 3;
      const below = first + width * 3;
      const sum = (channel: number) =>
        pixels[first + channel]! +
        pixels[first + 3 + channel]! +
        pixels[below + channel]! +
        pixels[below + 3 + channel]!;
      const r = sum(0) / 4;
      const g = sum(1) / 4;
      const b = sum(2) / 4;
      blue[at] = 128.5 - 0.1006 * r - 0.3386 * g + 0.4392 * b;
      red[at] = 128.5 + 0.4392 * r - 0.3989 * g - 0.0403 * b;
    }
  }
  return {
    luma: { samples: luma, width, height },
    blue: { samples: blue, width: halfWidth, height: halfHeight },
    red: { samples: red, width: halfWidth, height: halfHeight },
  };
}

/** The whole sample before each target position, and how far (0–255) the position lies towards the next one. */
function positionsAlong(
  count: number,
  { start, length, available }: { start: number; length: number; available: number },
) {
  const whole = new Int32Array(count);
  const part = new Int32Array(count);
  for (let index = 0; index < count; index += 1) {
    const exact = (start + ((index + 0.5) / count) * length) * available - 0.5;
    const inside = Math.min(Math.max(exact, 0), available - 1.01);
    whole[index] = Math.trunc(inside);
    part[index] = (inside - Math.trunc(inside)) * 256;
  }
  return { whole, part };
}

type Target = { target: Uint8Array; width: number; height: number };

function samplePlane(plane: Plane, view: CameraView, { target, width, height }: Target): void {
  const { samples, width: stride } = plane;
  const across = positionsAlong(width, { start: view.left, length: view.width, available: plane.width });
  const down = positionsAlong(height, { start: view.top, length: view.height, available: plane.height });
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    const base = down.whole[row]! * stride;
    const lower = down.part[row]!;
    const upper = 256 - lower;
    for (let column = 0; column < width; column += 1) {
      const from = base + across.whole[column]!;
      const right = across.part[column]!;
      const left = 256 - right;
      const above = samples[from]! * left + samples[from + 1]! * right;
      const below = samples[from + stride]! * left + samples[from + stride + 1]! * right;
      target[at] = (above * upper + below * lower + 32768) >> 16;
      at += 1;
    }
  }
}
