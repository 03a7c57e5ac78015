import type { Chance } from './chance.ts';
import { killPoints, type KillPoint } from './points.ts';
import type { Fate } from './server-process.ts';
import type { DatabaseKind } from './testing.ts';

const randomPart = 0.3;

/** One life of the server: how it is to end. */
export interface Plan {
  /** Null: at a moment, not at a point. */
  point: KillPoint | null;
  fate: Fate | null;
  /** From readiness to SIGKILL, or to SIGTERM where the point is in the ordered stop. */
  afterMs: number;
}

/** How the lives of a server on this database end, for ever: each point in turn, in another order each round. */
export function* schedule({
  chance,
  kind,
  only,
}: {
  chance: Chance;
  kind: DatabaseKind;
  only?: string;
}): Generator<Plan> {
  const points = killPoints.filter(({ name, onlyOn }) => (only ? name === only : true) && (onlyOn ?? kind) === kind);
  if (points.length === 0) throw new Error(`there is no point ${only} on ${kind}`);
  for (;;) {
    for (const point of chance.shuffled(points)) {
      if (!only && chance.happens(randomPart)) yield { point: null, fate: null, afterMs: chance.between(20, 400) };
      yield planFor(point, { chance, kind });
    }
  }
}

/** A life that ends at this point. */
export function planFor(point: KillPoint, { chance, kind }: { chance: Chance; kind: DatabaseKind }): Plan {
  const { name, places, maxArrival = 3, reachedBy } = point;
  // The two places of K18 are the two databases.
  const place =
    reachedBy === 'fresh database' ? ['sqlite', 'postgres'].indexOf(kind) : chance.between(0, places.length - 1);
  const fate = { point: name, place, arrival: chance.between(1, maxArrival), delayMs: chance.next() * 3 };
  return { point, fate, afterMs: chance.between(20, 400) };
}
