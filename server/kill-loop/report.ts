/** What a loop did; `violations` is empty when all went well. */
export interface Report {
  kills: number;
  /** Kills by the name of the point; `moment` are those at a random moment. */
  byPoint: Map<string, number>;
  /** Lives in which the planned point was not reached in time, by its name. */
  missed: Map<string, number>;
  acknowledged: number;
  completed: number;
  refunded: number;
  tasks: number;
  /** Files that no row names: lost room, not a fault. */
  strayFiles: number;
  /** From spawn to readiness, in milliseconds, one per start. */
  startsMs: number[];
  calmMs: number;
  violations: string[];
}

/** A report of nothing. `violations` is the list that will be written to. */
export function emptyReport(violations: string[]): Report {
  return {
    kills: 0,
    byPoint: new Map(),
    missed: new Map(),
    acknowledged: 0,
    completed: 0,
    refunded: 0,
    tasks: 0,
    strayFiles: 0,
    startsMs: [],
    calmMs: 0,
    violations,
  };
}

/** Adds one to the count of a name. */
export function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** `K1 26, K2 25, moment 130`, points in their order. */
export function countsText(counts: Map<string, number>): string {
  const rank = (name: string) => Number(name.slice(1)) || Infinity;
  const sorted = [...counts].toSorted(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
  return sorted.map(([name, count]) => `${name} ${count}`).join(', ');
}

/** The middle one of the times a server took to start. */
export function medianStartMs({ startsMs }: Report): number {
  return startsMs.toSorted((a, b) => a - b)[startsMs.length >> 1] ?? 0;
}
