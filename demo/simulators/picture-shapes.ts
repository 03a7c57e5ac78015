/** A turned body from top to foot: half widths down its axis, both as shares of the picture's height. */
export type Outline = readonly (readonly [at: number, radius: number])[];

/** A thing of one to three parts; later parts lie over earlier ones. */
export type Shape = { body: Outline; label: Outline | null; cap: Outline | null };

/** The eye looks along this height: what is lower shows more of its roundness from above. */
const EYE = 0.3;
const ROUNDNESS = 0.42;

/** The things of the still lifes: a bottle, a jar, a vase and a flacon. */
export const SHAPES: readonly Shape[] = [
  {
    body: outline('0.20 0.052, 0.30 0.054, 0.34 0.07, 0.38 0.12, 0.42 0.15, 0.47 0.162, 0.80 0.162, 0.83 0.15'),
    label: outline('0.52 0.163, 0.70 0.163'),
    cap: outline('0.11 0.058, 0.12 0.064, 0.215 0.064'),
  },
  {
    body: outline('0.42 0.20, 0.46 0.222, 0.78 0.225, 0.81 0.22, 0.83 0.205'),
    label: outline('0.54 0.226, 0.70 0.226'),
    cap: outline('0.35 0.212, 0.36 0.22, 0.455 0.22'),
  },
  {
    body: outline(
      '0.24 0.08, 0.26 0.075, 0.30 0.068, 0.34 0.075, 0.40 0.115, 0.46 0.165, 0.52 0.2, 0.58 0.213, 0.64 0.205, 0.70 0.178, 0.76 0.14, 0.81 0.112, 0.83 0.11',
    ),
    label: null,
    cap: null,
  },
  {
    body: outline('0.30 0.07, 0.315 0.1, 0.335 0.122, 0.36 0.13, 0.80 0.13, 0.83 0.12'),
    label: outline('0.48 0.131, 0.68 0.131'),
    cap: outline('0.15 0.072, 0.16 0.078, 0.31 0.078'),
  },
];

/**
 * What is seen at a point of a turned body: the distance to its edge (inside is positive), `turn` from the left edge
 * (-1) to the right one (1), and `lean`, how far the surface looks up (1) or down (-1). `across` narrows it to the
 * middle part of the surface.
 */
export function turnedAt(body: Outline, { x, y, across }: { x: number; y: number; across: number }) {
  const straight = alongOutline(body, y);
  const turn = Math.min(Math.max(x / straight.radius, -0.999), 0.999);
  const sag = ROUNDNESS * Math.max(y - EYE, 0) * straight.radius * Math.sqrt(1 - turn * turn);
  const at = y - sag;
  const { radius, slope } = alongOutline(body, at);
  const toSide = (radius * across - Math.abs(x)) / Math.hypot(1, slope);
  const distance = Math.min(toSide, at - body[0]![0], body.at(-1)![0] - at);
  return { distance, turn, lean: slope / Math.hypot(1, slope) };
}

function alongOutline(body: Outline, at: number): { radius: number; slope: number } {
  const found = body.findIndex((point) => point[0] > at);
  const next = found === -1 ? body.length - 1 : Math.max(found, 1);
  const [fromAt, fromRadius] = body[next - 1]!;
  const [toAt, toRadius] = body[next]!;
  const share = Math.min(Math.max((at - fromAt) / (toAt - fromAt), 0), 1);
  return { radius: fromRadius + (toRadius - fromRadius) * share, slope: (toRadius - fromRadius) / (toAt - fromAt) };
}

function outline(text: string): Outline {
  return text.split(', ').map((point) => point.split(' ').map(Number) as [number, number]);
}
