import sharp from 'sharp';
import { drawScene } from './picture-scene.ts';
import type { Layer } from './picture-scene.ts';
import { coloursOf } from './picture-colours.ts';

/** What to draw; `reference` is a JPEG, PNG or WebP that becomes part of the picture. Sizes in pixels. */
export type PictureOrder = { prompt: string; width: number; height: number; reference?: Uint8Array };

type Size = { width: number; height: number };

/** The share of the picture's width and height that a reference may take, and how its corners are rounded. */
const REFERENCE_SHARE = { across: 0.66, down: 0.72 };
const CORNER_SHARE = 0.035;
/** 2 makes an edge one pixel wide; a little less hides the eight bits of the mask. */
const EDGE_SHARPNESS = 1.6;

/**
 * A picture of exactly the given size, as PNG bytes: without a reference a drawn still life in colours taken from the
 * prompt, with one the reference standing in such a scene. The same order gives the same bytes.
 * Rejects with sharp's error when the reference is not a whole picture.
 *
 * Everything is computed small and enlarged by sharp, which works outside the event loop. No SVG: whoever runs a
 * simulator may have closed sharp's SVG loader for the whole process, as this project's server does.
 */
export async function makePicture(order: PictureOrder): Promise<Uint8Array> {
  const size = { width: order.width, height: order.height };
  const colours = coloursOf(order.prompt);
  const reference = order.reference && (await fitReference(order.reference, size));
  const scene = drawScene(colours, { ratio: size.width / size.height, card: reference?.place ?? null });
  const overlays = await Promise.all(scene.layers.map((layer) => enlargeLayer(layer, { from: scene.size, to: size })));
  const backdrop = await sharp(scene.backdrop.samples, { raw: { ...scene.backdrop.size, channels: 3 } })
    .resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  return sharp(backdrop, { raw: { ...size, channels: 3 } })
    .composite([...overlays, ...(reference ? [reference.overlay] : [])])
    .removeAlpha()
    .png({ compressionLevel: 4 })
    .toBuffer();
}

/** Colours and mask are enlarged apart: the mask becomes a sharp edge again, the colours stay soft. */
async function enlargeLayer(layer: Layer, { from, to }: { from: Size; to: Size }) {
  const { place } = layer;
  const [left, right] = [place.left, place.left + place.width].map((x) => Math.round((x * to.width) / from.width));
  const [top, bottom] = [place.top, place.top + place.height].map((y) => Math.round((y * to.height) / from.height));
  const size = { width: Math.max(right! - left!, 1), height: Math.max(bottom! - top!, 1) };
  const enlarge = (samples: Uint8Array, channels: 1 | 3) =>
    sharp(samples, { raw: { width: place.width, height: place.height, channels } }).resize(size.width, size.height, {
      fit: 'fill',
      kernel: 'cubic',
    });
  const scale = to.width / from.width;
  const gain = layer.edgeReach === null ? 1 : Math.max(EDGE_SHARPNESS * layer.edgeReach * scale, 1);
  const mask = await enlarge(layer.mask, 1)
    .linear(gain, 127.5 * (1 - gain))
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const input = await enlarge(layer.colours, 3)
    .joinChannel(mask, { raw: { ...size, channels: 1 } })
    .raw()
    .toBuffer();
  return { input, raw: { ...size, channels: 4 as const }, left: left!, top: top! };
}

/** The reference with rounded corners, and where it stands: standing on the table, in the middle. */
async function fitReference(reference: Uint8Array, size: Size) {
  const { data, info } = await sharp(reference, { failOn: 'truncated' })
    .autoOrient()
    .resize(Math.round(size.width * REFERENCE_SHARE.across), Math.round(size.height * REFERENCE_SHARE.down), {
      fit: 'inside',
    })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  roundCorners(data, info);
  const left = Math.round((size.width - info.width) / 2);
  const top = Math.round((size.height - info.height) * 0.52);
  return {
    overlay: { input: data, raw: { width: info.width, height: info.height, channels: 4 as const }, left, top },
    place: {
      left: left / size.width,
      top: top / size.height,
      width: info.width / size.width,
      height: info.height / size.height,
    },
  };
}

function roundCorners(pixels: Buffer, { width, height }: Size): void {
  const radius = Math.max(Math.round(Math.min(width, height) * CORNER_SHARE), 1);
  for (let y = 0; y < radius; y += 1) {
    for (let x = 0; x < radius; x += 1) {
      const cover = Math.min(Math.max(radius - Math.hypot(radius - x - 0.5, radius - y - 0.5) + 0.5, 0), 1);
      for (const row of [y, height - 1 - y])
        for (const column of [x, width - 1 - x]) pixels[(row * width + column) * 4 + 3]! *= cover;
    }
  }
}
