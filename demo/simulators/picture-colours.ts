import { createHash } from 'node:crypto';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** What a prompt decides: the colours of a scene and which of the shapes stands in it. */
export type SceneColours = {
  wall: Colour;
  table: Colour;
  body: Colour;
  cap: Colour;
  label: Colour;
  /** Any whole number; the scene takes the rest of a division. */
  shape: number;
};

/** Colours that go together, the same for the same prompt: a pale wall, a deeper table, a body in another hue. */
export function coloursOf(prompt: string): SceneColours {
  const bytes = createHash('sha256').update(prompt).digest();
  const part = (index: number) => bytes[index]! / 255;
  const wallHue = part(0);
  const bodyHue = wallHue + 0.33 + part(1) * 0.34;
  return {
    wall: fromHue(wallHue, { saturation: 0.2 + part(2) * 0.2, lightness: 0.76 + part(3) * 0.07 }),
    table: fromHue(wallHue + 0.03 * part(4), { saturation: 0.16 + part(5) * 0.16, lightness: 0.56 + part(6) * 0.1 }),
    body: fromHue(bodyHue, { saturation: 0.28 + part(7) * 0.2, lightness: 0.4 + part(8) * 0.2 }),
    cap: fromHue(bodyHue + 0.06, { saturation: 0.12 + part(9) * 0.2, lightness: part(10) < 0.5 ? 0.22 : 0.82 }),
    label: fromHue(wallHue, { saturation: 0.3, lightness: 0.92 }),
    shape: bytes[11]!,
  };
}

/** Hue as a share of the circle, any number; saturation and lightness 0 to 1 (the formula of CSS Color 4, §7.1). */
function fromHue(hue: number, { saturation, lightness }: { saturation: number; lightness: number }): Colour {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const turn = (offset + hue * 12) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/** `from` at 0, `to` at 1. */
export function mixed(from: Colour, to: Colour, share: number): Colour {
  const channel = (at: 0 | 1 | 2) => from[at] + (to[at] - from[at]) * share;
  return [channel(0), channel(1), channel(2)];
}

/** Every channel times the factor; may leave 0 to 255. */
export function scaled([red, green, blue]: Colour, factor: number): Colour {
  return [red * factor, green * factor, blue * factor];
}

/** 0 below 0, 1 above 1, and a soft step between. */
export function smooth(value: number): number {
  const inside = Math.min(Math.max(value, 0), 1);
  return inside * inside * (3 - 2 * inside);
}

/** A bell: 1 at 0, about a third at 1 and -1, nothing further out. */
export function bump(value: number): number {
  return Math.exp(-value * value);
}
