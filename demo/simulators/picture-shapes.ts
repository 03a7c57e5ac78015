/** A turned body from top to foot: half widths down its axis, both as shares of the picture's height. */
export type Outline = readonly { at: number; radius: number; slope: number }[];

/** A thing of one to three parts; later parts lie over earlier ones. */
export type Shape = { body: Outline; label: Outline | null; cap: Outline | null };

/** The eye looks along this height: what is lower shows more of its roundness from above. */
const EYE = 0.3;
const ROUNDNESS = 0.42;

/** The things of the still lifes: a bottle, a jar, a vase and a flacon. */
export const SHAPES: readonly Shape[] = [
  {
    body: outline('0.20 0.052, 0.30 0.054, 0.36 0.10, 0.42 0.15, 0.47 0.162, 0.80 0.162, 0.82 0.157, 0.83 0.146'),
    label: outline('0.52 0.163, 0.70 0.163'),
    cap: outline('0.105 0.054, 0.112 0.062, 0.125 0.064, 0.215 0.064'),
  },
  {
    body: outline('0.42 0.20, 0.44 0.214, 0.47 0.222, 0.78 0.225, 0.815 0.218, 0.83 0.20'),
    label: outline('0.54 0.226, 0.70 0.226'),
    cap: outline('0.345 0.206, 0.352 0.217, 0.365 0.22, 0.455 0.22'),
  },
  {
    body: outline('0.24 0.08, 0.30 0.066, 0.38 0.10, 0.46 0.163, 0.57 0.208, 0.70 0.17, 0.79 0.115, 0.83 0.108'),
    label: null,
    cap: null,
  },
  {
    body: outline('0.30 0.07, 0.312 0.10, 0.335 0.122, 0.37 0.13, 0.80 0.13, 0.82 0.126, 0.83 0.116'),
    label: outline('0.48 0.131, 0.68 0.131'),
    cap: outline('0.15 0.066, 0.156 0.075, 0.17 0.078, 0.31 0.078'),
  },
];

/**
 * What is seen at a point of a turned body: the distance to its edge (inside is positive), `turn` from the left edge
 * (-1) to the right one (1), and `lean`, how far the surface looks up (1) or down (-1). `across` narrows it to the
 * middle part of the surface.
 */
export function turnedAt(body: Outline, { x, y, across }: { x: number; y: number; across: number }) {
  const reach = alongOutline(body, y).radius;
  const turn = Math.min(Math.max(x / reach, -0.999), 0.999);
  const at = y - ROUNDNESS * Math.max(y - EYE, 0) * reach * Math.sqrt(1 - turn * turn);
  const { radius, slope } = alongOutline(body, at);
  const steepness = Math.hypot(1, slope);
  const toSide = (radius * across - Math.abs(x)) / steepness;
  const distance = Math.min(toSide, at - body[0]!.at, body.at(-1)!.at - at);
  return { distance, turn, lean: slope / steepness };
}

/** The widest half width of a body. */
export function widestOf(body: Outline): number {
  return Math.max(...body.map((point) => point.radius));
}

/** Between two points a cubic curve runs that has both points' slopes; beyond the ends the body goes straight on. */
function alongOutline(body: Outline, at: number): { radius: number; slope: number } {
  const found = body.findIndex((point) => point.at > at);
  const next = found === -1 ? body.length - 1 : Math.max(found, 1);
  const from = body[next - 1]!;
  const to = body[next]!;
  const length = to.at - from.at;
  const share = Math.min(Math.max((at - from.at) / length, 0), 1);
  const rise = to.radius - from.radius;
  const start = from.slope * length - rise;
  const end = rise - to.slope * length;
  const rest = 1 - share;
  return {
    radius: from.radius + rise * share + share * rest * (start * rest + end * share),
    slope: (rise + (rest - share) * (start * rest + end * share) + share * rest * (end - start)) / length,
  };
}

/** Slopes as Fritsch and Carlson choose them (SIAM J. Numer. Anal. 17, 1980): no bulge beyond the points. */
function outline(text: string): Outline {
  const points = text.split(', ').map((point) => point.split(' ').map(Number) as [number, number]);
  const rises = points.slice(1).map(([at, radius], index) => (radius - points[index]![1]) / (at - points[index]![0]));
  return points.map(([at, radius], index) => {
    const before = rises[index - 1] ?? rises[index]!;
    const after = rises[index] ?? before;
    return { at, radius, slope: before * after > 0 ? (2 * before * after) / (before + after) : 0 };
  });
}
