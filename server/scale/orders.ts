import { nextLookMs, nextLooks } from '../jobs/job.ts';
import { createChance, type Chance } from '../simulation/chance.ts';

/** One order of a drawn day: when it comes and how long the provider will work on it. */
export interface DrawnOrder {
  atMs: number;
  taskMs: number;
}

/** How tasks are looked at. */
interface Looks {
  pollMs: number;
  /** What tasks usually take. */
  expectedMs: number;
}

/** How a day is drawn. */
export interface DrawnDay {
  seed: number;
  orders: number;
  arrivalsPerSecond: number;
  taskSeconds: number;
  /** Task times are Erlang distributed with so many phases: 1 is exponential, 16 varies by a quarter of the mean. */
  phases: number;
}

/** Standard deviation divided by mean of an Erlang distribution. */
export const variationOf = (phases: number): number => 1 / Math.sqrt(phases);

const exponential = (chance: Chance) => -Math.log(1 - chance.next());

/** Orders that come at random (Poisson), in whole milliseconds. The same seed draws the same day. */
export function drawDay({ seed, orders, arrivalsPerSecond, taskSeconds, phases }: DrawnDay): DrawnOrder[] {
  const chance = createChance(seed);
  const day: DrawnOrder[] = [];
  let at = 0;
  for (let index = 0; index < orders; index++) {
    at += (exponential(chance) / arrivalsPerSecond) * 1_000;
    let phaseSum = 0;
    for (let phase = 0; phase < phases; phase++) phaseSum += exponential(chance);
    day.push({ atMs: Math.round(at), taskMs: Math.max(1, Math.round((taskSeconds / phases) * phaseSum * 1_000)) });
  }
  return day;
}

/**
 * The same day on paper, order by order (J. Kiefer and J. Wolfowitz, 1955): whoever comes first takes the slot that is
 * free first, and a slot is free again at the first look after its task's end. Answers each order's wait in milliseconds.
 */
export function waitsOnPaper(day: DrawnOrder[], { slots, ...looks }: { slots: number } & Looks): number[] {
  const freeAt = new Float64Array(slots);
  return day.map(({ atMs, taskMs }) => {
    let first = 0;
    for (let slot = 1; slot < slots; slot++) if (freeAt[slot]! < freeAt[first]!) first = slot;
    const startMs = Math.max(atMs, freeAt[first]!);
    freeAt[first] = foundAtMs({ startMs, taskMs }, looks);
    return startMs - atMs;
  });
}

function foundAtMs({ startMs, taskMs }: { startMs: number; taskMs: number }, { pollMs, expectedMs }: Looks): number {
  const after = (now: number) => nextLookMs(Math.max(expectedMs, now - startMs), nextLooks(now, pollMs));
  let lookMs = after(startMs);
  while (lookMs < startMs + taskMs) lookMs = after(lookMs);
  return lookMs;
}

/** The measured face of `Wait`. */
export interface SeenWait {
  share: number;
  meanSeconds: number;
  p95Seconds: number;
  queueLength: number;
}

/** Sums waits up; the first tenth is left out, because the queue begins empty. */
export function seen(day: DrawnOrder[], waitsMs: number[]): SeenWait {
  const from = Math.floor(day.length / 10);
  const counted = waitsMs.slice(from);
  const sorted = counted.toSorted((a, b) => a - b);
  const totalMs = counted.reduce((sum, ms) => sum + ms, 0);
  return {
    share: counted.filter((ms) => ms > 0).length / counted.length,
    meanSeconds: totalMs / counted.length / 1_000,
    p95Seconds: sorted[Math.floor(sorted.length * 0.95)]! / 1_000,
    queueLength: totalMs / (day.at(-1)!.atMs - day[from]!.atMs),
  };
}
