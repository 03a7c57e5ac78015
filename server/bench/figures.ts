/** The middle value; of an even number of values the upper one of the two. Throws for none. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** The value that the given part of all values does not exceed, such as 0.99. Throws for none. */
export function quantile(values: ArrayLike<number>, part: number): number {
  if (values.length === 0) throw new Error('there is no figure');
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

/** One comparison: what was measured in each round, with the rounds of both taken by turns. */
export interface Comparison {
  ours: number[];
  floor: number[];
}

/** Ratio of each round to its neighbour of the other side: the median, and from the lowest to the highest. */
export interface Ratio {
  median: number;
  low: number;
  high: number;
}

/** Throws when nothing was measured or the rounds are not pairs. */
export function ratioOf({ ours, floor }: Comparison): Ratio {
  if (ours.length !== floor.length) throw new Error('the rounds are not pairs');
  const ratios = ours.map((value, at) => value / floor[at]!);
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}

/**
 * Measures by turns, so that a busy moment of the machine falls on all alike; each round begins with another one. A first
 * round is not counted, because new processes run code that is not compiled yet. The figures of each name stand in the
 * order of the rounds.
 */
export async function byTurns<Name extends string>(
  rounds: number,
  measures: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measures) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await measures[name]();
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!;
      figures[name].push(await measures[name]());
    }
  return figures;
}
