import { createHash } from 'node:crypto';

/** Chance that is the same at every start. */
export interface Chance {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** One of these. */
  one<T>(choices: readonly T[]): T;
  /** Sixteen bytes for an id. */
  bytes(): Uint8Array;
}

/** Equal seeds give equal chances, drawn from SHA-256 of the seed and a counter. */
export function createChance(seed: string): Chance {
  let drawn = 0;
  const draw = () => createHash('sha256').update(`${seed}/${++drawn}`).digest();
  const next = () => draw().readUInt32BE() / 2 ** 32;
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    one: (choices) => choices[between(0, choices.length - 1)]!,
    bytes: () => draw().subarray(0, 16),
  };
}
