import type { Chance } from './chance.ts';
import type { Swarm } from './swarm.ts';
import type { Timeline } from './timeline.ts';

export interface Violation {
  /** Such as `T1`: the reliability sheet's name of the promise that was broken. */
  invariant: string;
  detail: string;
  at: number;
}

const keptEvents = 200;

/** What every part of one seed's world shares: time, chance, the draw of faults, the trace and the verdict. */
export interface Simulation {
  seed: number;
  chance: Chance;
  timeline: Timeline;
  swarm: Swarm;
  /** False in the liveness phase. */
  faultsOn: boolean;
  /** True with this probability while faults are on, and counted then. */
  strikes(fault: string, probability: number): boolean;
  count(fault: string): void;
  counts: Map<string, number>;
  /** The first broken promise ends the run. */
  fail(invariant: string, detail: string): void;
  violation: Violation | null;
  note(event: string): void;
  /** The last events, oldest first. */
  events(): string[];
  /** Equal for equal runs. */
  traceHash(): string;
}

export interface SimulationParts {
  seed: number;
  chance: Chance;
  timeline: Timeline;
  swarm: Swarm;
  onEvent?: (event: string) => void;
}

export function createSimulation({ seed, chance, timeline, swarm, onEvent }: SimulationParts): Simulation {
  const kept: string[] = [];
  let position = 0;
  let [high, low] = [0x811c9dc5, seed | 0];

  return {
    seed,
    chance,
    timeline,
    swarm,
    faultsOn: true,
    counts: new Map(),
    violation: null,

    strikes(fault, probability) {
      if (!this.faultsOn || probability === 0 || !chance.happens(probability)) return false;
      this.count(fault);
      return true;
    },

    count(fault) {
      this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    },

    fail(invariant, detail) {
      if (this.violation) return;
      this.violation = { invariant, detail, at: timeline.now() };
      this.note(`VIOLATION ${invariant}: ${detail}`);
    },

    note(event) {
      const line = `${timeline.now()} ${event}`;
      for (let index = 0; index < line.length; index++) {
        high = Math.imul(high ^ line.charCodeAt(index), 0x01000193);
        low = Math.imul(low ^ high, 0x85ebca6b);
      }
      kept[position++ % keptEvents] = line;
      onEvent?.(line);
    },

    events: () => [...kept.slice(position % keptEvents), ...kept.slice(0, position % keptEvents)],
    traceHash: () => [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}
