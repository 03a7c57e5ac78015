import type { Chance } from './chance.ts';

interface Entry {
  at: number;
  tie: number;
  order: number;
  label: string;
  act: () => void | Promise<void>;
}

/** Virtual time: what happens next is the earliest entry; entries of one moment come in an order that the seed draws. */
export interface Timeline {
  /** Epoch milliseconds. */
  now(): number;
  /** `label` says in a few words what will happen, for the trace. A moment in the past counts as now. */
  at(moment: number, label: string, act: Entry['act']): void;
  after(waitMs: number, label: string, act: Entry['act']): void;
  /** Takes the next entry and moves the clock to it; null at the end of all things. */
  take(): Entry | null;
}

/** A binary heap of what is to come. */
export function createTimeline(startMs: number, chance: Chance): Timeline {
  const heap: Entry[] = [];
  let now = startMs;
  let entries = 0;

  const isBefore = (a: Entry, b: Entry) =>
    a.at !== b.at ? a.at < b.at : a.tie !== b.tie ? a.tie < b.tie : a.order < b.order;

  function rise(index: number): void {
    const entry = heap[index]!;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  function sink(index: number): void {
    const entry = heap[index]!;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, entry)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = entry;
  }

  function at(moment: number, label: string, act: Entry['act']): void {
    heap.push({ at: Math.max(now, moment), tie: chance.next(), order: entries++, label, act });
    rise(heap.length - 1);
  }

  return {
    now: () => now,
    at,
    after: (waitMs, label, act) => at(now + waitMs, label, act),
    take() {
      const first = heap[0];
      if (!first) return null;
      const last = heap.pop()!;
      if (heap.length > 0) {
        heap[0] = last;
        sink(0);
      }
      now = first.at;
      return first;
    },
  };
}
