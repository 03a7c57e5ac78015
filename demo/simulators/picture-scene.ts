import type { Colour, SceneColours } from './picture-colours.ts';
import { SHAPES, turnedAt } from './picture-shapes.ts';
import type { Outline } from './picture-shapes.ts';

type Size = { width: number; height: number };
/** A rectangle in shares of the picture's width and height. */
export type Place = { left: number; top: number; width: number; height: number };

/**
 * Colours (three samples a point) seen through a mask (one sample). The mask of an edge holds the distance to it:
 * 127.5 on the edge, more inside, the whole range over `edgeReach` points to each side. Null: the mask is used as it is.
 */
export type Layer = { size: Size; colours: Uint8Array; mask: Uint8Array; edgeReach: number | null };

/** A small drawing of the scene, to be enlarged: layers lie on the backdrop in order. */
export type Scene = { backdrop: { size: Size; samples: Uint8Array }; layers: Layer[] };

/** The longer side of the small drawing; from 256 points on, edges looked clean at 1024 pixels. */
const LONG_SIDE = 256;
const EDGE_REACH = 2;
/** Where the wall meets the table, as a share of the height, and how softly. */
const HORIZON = 0.64;
const COVE = 0.05;
/** The height of the foot of what stands on the table, in the picture and in the outlines. */
const FOOT = 0.83;

/**
 * The scene for a picture of this ratio (width by height): wall, table and light, and on it the shape the prompt chose,
 * or only the shadow of a `card` that the caller lays on top.
 */
export function drawScene(colours: SceneColours, { ratio, card }: { ratio: number; card: Place | null }): Scene {
  const size =
    ratio >= 1
      ? { width: LONG_SIDE, height: Math.max(Math.round(LONG_SIDE / ratio), 8) }
      : { width: Math.max(Math.round(LONG_SIDE * ratio), 8), height: LONG_SIDE };
  const backdrop = { size, samples: drawBackdrop(colours, size) };
  const disc = drawDisc(colours, size);
  if (card) return { backdrop, layers: [disc, cardShadow(colours, { card, size })] };
  const shape = SHAPES[colours.shape % SHAPES.length]!;
  const layers = [disc, footShadow(colours, { outline: shape.body, size })];
  layers.push(drawTurned(shape.body, { colour: colours.body, across: 1, size }));
  if (shape.label) layers.push(drawTurned(shape.label, { colour: colours.label, across: 0.8, size }));
  if (shape.cap) layers.push(drawTurned(shape.cap, { colour: colours.cap, across: 1, size }));
  return { backdrop, layers };
}

type Paint = (x: number, y: number) => { colour: Colour; cover: number };

/** Points are painted by their middle; `cover` is the mask, 0 to 255. */
function paintLayer(size: Size, edgeReach: number | null, paint: Paint): Layer {
  const colours = new Uint8ClampedArray(size.width * size.height * 3);
  const mask = new Uint8ClampedArray(size.width * size.height);
  for (let row = 0, at = 0; row < size.height; row += 1) {
    for (let column = 0; column < size.width; column += 1, at += 1) {
      const { colour, cover } = paint(column + 0.5, row + 0.5);
      colours.set(colour, at * 3);
      mask[at] = cover;
    }
  }
  return { size, colours: new Uint8Array(colours.buffer), mask: new Uint8Array(mask.buffer), edgeReach };
}

function edgeCover(distance: number): number {
  return 127.5 + (127.5 * distance) / EDGE_REACH;
}

function drawBackdrop({ wall, table }: SceneColours, size: Size): Uint8Array {
  return paintLayer(size, null, (column, row) => {
    const x = column / size.width;
    const y = row / size.height;
    const onTable = smooth((y - HORIZON + COVE) / (2 * COVE));
    const light = 1.1 - 0.34 * Math.hypot(x - 0.3, (y - 0.22) * 0.9);
    const depth = 1 + 0.16 * smooth((y - HORIZON) / (1 - HORIZON)) * onTable;
    return { colour: scaled(mixed(wall, table, onTable), light * depth), cover: 255 };
  }).colours;
}

/** A pale disc on the wall behind the things, lit from the upper left. */
function drawDisc({ wall }: SceneColours, size: Size): Layer {
  const unit = unitOf(size);
  const middle = { x: size.width * 0.56, y: size.height * FOOT - unit * 0.44 };
  const radius = unit * 0.33;
  const pale = mixed(wall, [255, 255, 255], 0.42);
  return paintLayer(size, EDGE_REACH, (x, y) => {
    const [across, down] = [(x - middle.x) / radius, (y - middle.y) / radius];
    const distance = radius - Math.hypot(x - middle.x, y - middle.y);
    const fadesOut = smooth((size.height * (HORIZON + 0.02) - y) / (unit * 0.12));
    return { colour: scaled(pale, 1.02 - 0.07 * (across + down)), cover: edgeCover(distance) * fadesOut };
  });
}

function drawTurned(outline: Outline, look: { colour: Colour; across: number; size: Size }): Layer {
  const { size } = look;
  const unit = unitOf(size);
  return paintLayer(size, EDGE_REACH, (column, row) => {
    const x = (column - size.width / 2) / unit;
    const y = (row - size.height * FOOT) / unit + FOOT;
    const point = turnedAt(outline, { x, y, across: look.across });
    return { colour: lit(look.colour, point), cover: edgeCover(point.distance * unit) };
  });
}

/** The light comes from the left and from above; a narrow and a wide gleam run down the left, a faint one the right. */
function lit(colour: Colour, { turn, lean }: { turn: number; lean: number }): Colour {
  const facing = Math.sqrt(1 - turn * turn);
  const diffuse = Math.max(-0.58 * turn + 0.34 * lean + 0.68 * facing, 0);
  const gleam = 0.5 * bump((turn + 0.52) / 0.09) + 0.2 * bump((turn + 0.42) / 0.3) + 0.12 * bump((turn - 0.82) / 0.1);
  return mixed(scaled(colour, 0.42 + 0.68 * diffuse), [255, 252, 246], gleam);
}

function footShadow({ table }: SceneColours, { outline, size }: { outline: Outline; size: Size }): Layer {
  const unit = unitOf(size);
  const radius = outline.at(-1)![1] * unit;
  const middle = { x: size.width / 2, y: size.height * FOOT };
  const dark = scaled(table, 0.28);
  return paintLayer(size, null, (x, y) => {
    const [across, down] = [(x - middle.x) / radius, (y - middle.y) / radius];
    const contact = bump(Math.hypot(across / 1.12, (down + 0.02) / 0.2) ** 2);
    const along = across - 0.9;
    const cast = bump(Math.hypot(along / 1.35, (down + 0.14 + 0.06 * along) / 0.26));
    return { colour: dark, cover: 255 * Math.min(0.62 * contact + 0.5 * cast, 0.85) };
  });
}

/** A soft shadow below and to the right of the card. */
function cardShadow({ table }: SceneColours, { card, size }: { card: Place; size: Size }): Layer {
  const unit = unitOf(size);
  const half = { x: (card.width * size.width) / 2, y: (card.height * size.height) / 2 };
  const middle = { x: (card.left + card.width / 2) * size.width, y: (card.top + card.height / 2) * size.height };
  const dark = scaled(table, 0.3);
  const softness = unit * 0.05;
  return paintLayer(size, null, (x, y) => {
    const across = Math.abs(x - middle.x - unit * 0.018) - half.x + softness;
    const down = Math.abs(y - middle.y - unit * 0.03) - half.y + softness;
    const outside = Math.hypot(Math.max(across, 0), Math.max(down, 0)) / (2 * softness);
    return { colour: dark, cover: 150 * (1 - smooth(outside)) };
  });
}

/** One unit of an outline in points: the height, or less where the picture is narrow. */
function unitOf({ width, height }: Size): number {
  return Math.min(height, width / 0.72);
}

function mixed(from: Colour, to: Colour, share: number): Colour {
  return [0, 1, 2].map((at) => from[at]! + (to[at]! - from[at]!) * share) as unknown as Colour;
}

function scaled([red, green, blue]: Colour, factor: number): Colour {
  return [red * factor, green * factor, blue * factor];
}

function smooth(value: number): number {
  const inside = Math.min(Math.max(value, 0), 1);
  return inside * inside * (3 - 2 * inside);
}

function bump(value: number): number {
  return Math.exp(-value * value);
}
