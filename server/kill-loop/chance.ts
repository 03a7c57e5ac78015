/** Seeded chance for the schedule and the clients. */
export interface Chance {
  /** In [0, 1). */
  next(): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** The same items in another order. */
  shuffled<T>(list: readonly T[]): T[];
}

/** The same seed gives the same draws (mulberry32, 32 bits of state: enough to choose moments by). */
export function createChance(seed: number): Chance {
  let state = seed | 0;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    happens: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    shuffled(list) {
      const items = [...list];
      for (let at = items.length - 1; at > 0; at--) {
        const other = between(0, at);
        [items[at], items[other]] = [items[other]!, items[at]!];
      }
      return items;
    },
  };
}
