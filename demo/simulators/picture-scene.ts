import { bump, mixed, scaled, smooth } from './picture-colours.ts';
import type { Colour, SceneColours } from './picture-colours.ts';
import { SHAPES, turnedAt, widestOf } from './picture-shapes.ts';
import type { Outline, Shape } from './picture-shapes.ts';

type Size = { width: number; height: number };
/** A rectangle, in points of the drawing or in shares of the picture. */
export type Place = { left: number; top: number; width: number; height: number };

/**
 * Colours (three samples a point) seen through a mask (one sample) at a place of the drawing. The mask of an edge holds
 * the distance to it: 127.5 on the edge, more inside, the whole range over `edgeReach` points to each side. Null: the
 * mask is used as it is.
 */
export type Layer = { place: Place; colours: Uint8Array; mask: Uint8Array; edgeReach: number | null };

/** A small drawing of the scene, to be enlarged from `size`: layers lie on the backdrop in order. */
export type Scene = { size: Size; backdrop: { size: Size; samples: Uint8Array }; layers: Layer[] };

/** The longer side of the small drawing; from 256 points on, edges looked clean at 1024 pixels. The backdrop is soft. */
const LONG_SIDE = 256;
const BACKDROP_SIDE = 96;
const EDGE_REACH = 2;
/** Where the wall meets the table, as a share of the height, and how softly. */
const HORIZON = 0.64;
const COVE = 0.045;
/** The height of the foot of what stands on the table, in the picture and in the outlines. */
const FOOT = 0.83;

/**
 * The scene for a picture of this ratio (width by height): wall, table and light, and on it the shape the prompt chose,
 * or only the shadow of a `card` (in shares) that the caller lays on top.
 */
export function drawScene(colours: SceneColours, { ratio, card }: { ratio: number; card: Place | null }): Scene {
  const size = smallSize(ratio, LONG_SIDE);
  const soft = smallSize(ratio, BACKDROP_SIDE);
  const backdrop = { size: soft, samples: drawBackdrop(colours, soft) };
  const disc = drawDisc(colours, size);
  const shape = SHAPES[colours.shape % SHAPES.length]!;
  const things = card ? [drawCardShadow(colours, { card, size })] : drawShape(shape, { colours, size });
  return { size, backdrop, layers: [disc, ...things] };
}

function smallSize(ratio: number, longSide: number): Size {
  const shortSide = Math.max(Math.round(longSide * Math.min(ratio, 1 / ratio)), 8);
  return ratio >= 1 ? { width: longSide, height: shortSide } : { width: shortSide, height: longSide };
}

/** One unit of an outline in points: the height, or less where the picture is narrow. */
function unitOf({ width, height }: Size): number {
  return Math.min(height, width / 0.72);
}

type Paint = (x: number, y: number) => { colour: Colour; cover: number };

/** Paints the part of `around` that lies inside the drawing; `cover` is the mask, 0 to 255. */
function paintLayer(
  around: Place,
  size: Size,
  { edgeReach, paint }: { edgeReach: number | null; paint: Paint },
): Layer {
  const left = Math.max(Math.floor(around.left), 0);
  const top = Math.max(Math.floor(around.top), 0);
  const width = Math.max(Math.min(Math.ceil(around.left + around.width), size.width) - left, 1);
  const height = Math.max(Math.min(Math.ceil(around.top + around.height), size.height) - top, 1);
  const colours = new Uint8ClampedArray(width * height * 3);
  const mask = new Uint8ClampedArray(width * height);
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, at += 1) {
      const { colour, cover } = paint(left + column + 0.5, top + row + 0.5);
      colours.set(colour, at * 3);
      mask[at] = cover;
    }
  }
  const place = { left, top, width, height };
  return { place, colours: new Uint8Array(colours.buffer), mask: new Uint8Array(mask.buffer), edgeReach };
}

function edgeCover(distance: number): number {
  return 127.5 + (127.5 * distance) / EDGE_REACH;
}

function drawBackdrop({ wall, table }: SceneColours, size: Size): Uint8Array {
  const paint: Paint = (column, row) => {
    const x = column / size.width;
    const y = row / size.height;
    const onTable = smooth((y - HORIZON + COVE) / (2 * COVE));
    const nearness = smooth((y - HORIZON) / (1 - HORIZON)) * onTable;
    const shade = 1.04 - 0.3 * Math.hypot(x - 0.3, (y - 0.22) * 0.9) + 0.13 * nearness;
    const shine = 0.32 * bump(Math.hypot(x - 0.26, y - 0.2) / 0.42) * (1 - onTable);
    return { colour: mixed(scaled(mixed(wall, table, onTable), shade), [255, 255, 255], shine), cover: 255 };
  };
  return paintLayer({ left: 0, top: 0, ...size }, size, { edgeReach: null, paint }).colours;
}

/** A pale disc on the wall, low as a setting sun. */
function drawDisc({ wall }: SceneColours, size: Size): Layer {
  const radius = unitOf(size) * 0.33;
  const middle = { x: size.width * 0.5 + radius * 0.22, y: size.height * HORIZON - radius * 0.62 };
  const pale = mixed(wall, [255, 255, 255], 0.5);
  const paint: Paint = (x, y) => {
    const toRim = radius - Math.hypot(x - middle.x, y - middle.y);
    const toTable = size.height * (HORIZON - COVE * 0.6) - y;
    const shade = 1 - 0.045 * ((x - middle.x + y - middle.y) / radius);
    return { colour: scaled(pale, shade), cover: edgeCover(Math.min(toRim, toTable)) };
  };
  const around = {
    left: middle.x - radius - 3,
    top: middle.y - radius - 3,
    width: radius * 2 + 6,
    height: radius * 2 + 6,
  };
  return paintLayer(around, size, { edgeReach: EDGE_REACH, paint });
}

function drawShape(shape: Shape, { colours, size }: { colours: SceneColours; size: Size }): Layer[] {
  const layers = [drawFootShadow(colours, { outline: shape.body, size })];
  layers.push(drawTurned(shape.body, { colour: colours.body, across: 1, size }));
  if (shape.label) layers.push(drawTurned(shape.label, { colour: colours.label, across: 0.8, size }));
  if (shape.cap) layers.push(drawTurned(shape.cap, { colour: colours.cap, across: 1, size }));
  return layers;
}

function drawTurned(outline: Outline, look: { colour: Colour; across: number; size: Size }): Layer {
  const { size } = look;
  const unit = unitOf(size);
  const paint: Paint = (column, row) => {
    const x = (column - size.width / 2) / unit;
    const y = (row - size.height * FOOT) / unit + FOOT;
    const point = turnedAt(outline, { x, y, across: look.across });
    return { colour: lit(look.colour, point), cover: edgeCover(point.distance * unit) };
  };
  const half = widestOf(outline) * unit + 3;
  const top = size.height * FOOT + (outline[0]!.at - FOOT) * unit - 3;
  const height = (outline.at(-1)!.at - outline[0]!.at + 0.06) * unit + 6;
  return paintLayer({ left: size.width / 2 - half, top, width: half * 2, height }, size, {
    edgeReach: EDGE_REACH,
    paint,
  });
}

/** The light comes from the left and from above; a narrow and a wide gleam run down the left, a faint one the right. */
function lit(colour: Colour, { turn, lean }: { turn: number; lean: number }): Colour {
  const facing = Math.sqrt(1 - turn * turn);
  const diffuse = Math.max(-0.58 * turn + 0.34 * lean + 0.68 * facing, 0);
  const gleam = 0.42 * bump((turn + 0.54) / 0.08) + 0.2 * bump((turn + 0.42) / 0.3) + 0.14 * bump((turn - 0.84) / 0.09);
  return mixed(scaled(colour, 0.42 + 0.66 * diffuse), [255, 252, 246], gleam);
}

/** Dark where the body stands, and a soft shadow to the right. */
function drawFootShadow({ table }: SceneColours, { outline, size }: { outline: Outline; size: Size }): Layer {
  const radius = outline.at(-1)!.radius * unitOf(size);
  const middle = { x: size.width / 2, y: size.height * FOOT };
  const dark = scaled(table, 0.28);
  const paint: Paint = (x, y) => {
    const [across, down] = [(x - middle.x) / radius, (y - middle.y) / radius];
    const contact = bump(Math.hypot(across / 1.12, (down - 0.05) / 0.2) ** 2);
    const along = across - 0.9;
    const cast = bump(Math.hypot(along / 1.35, (down + 0.08 + 0.06 * along) / 0.28));
    return { colour: dark, cover: 255 * Math.min(0.62 * contact + 0.5 * cast, 0.85) };
  };
  const around = { left: middle.x - radius * 3, top: middle.y - radius, width: radius * 7.5, height: radius * 1.9 };
  return paintLayer(around, size, { edgeReach: null, paint });
}

/** A soft shadow below and to the right of the card. */
function drawCardShadow({ table }: SceneColours, { card, size }: { card: Place; size: Size }): Layer {
  const unit = unitOf(size);
  const softness = unit * 0.05;
  const [halfWidth, halfHeight] = [(card.width * size.width) / 2, (card.height * size.height) / 2];
  const middle = { x: card.left * size.width + halfWidth, y: card.top * size.height + halfHeight };
  const dark = scaled(table, 0.3);
  const paint: Paint = (x, y) => {
    const across = Math.abs(x - middle.x - unit * 0.018) - halfWidth + softness;
    const down = Math.abs(y - middle.y - unit * 0.03) - halfHeight + softness;
    const outside = Math.hypot(Math.max(across, 0), Math.max(down, 0)) / (2 * softness);
    return { colour: dark, cover: 150 * (1 - smooth(outside)) };
  };
  const room = softness * 3;
  const around = {
    left: middle.x - halfWidth - room,
    top: middle.y - halfHeight - room,
    width: (halfWidth + room) * 2,
    height: (halfHeight + room) * 2,
  };
  return paintLayer(around, size, { edgeReach: null, paint });
}
