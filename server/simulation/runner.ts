import { openBook } from './book.ts';
import { makeClipFiles } from './clips.ts';
import { loadDiskBlobs } from './disk.ts';
import { replaceAmbient } from './life.ts';
import { createWorlds, type SeedReport } from './world.ts';

const repeatedEvery = 100;

export interface Series {
  from: number;
  amount: number;
  onReport?: (report: SeedReport) => void;
}

export interface SeriesReport {
  seeds: number;
  events: number;
  /** How often each fault really happened. */
  counts: Map<string, number>;
  failed: SeedReport | null;
}

/** Everything that seeds of one process share. Worlds run one after another. */
export async function openRunner() {
  const clips = await makeClipFiles([5, 10]);
  const book = await openBook();
  const restoreAmbient = replaceAmbient();
  const worlds = createWorlds({ book, clips, createDiskBlobs: await loadDiskBlobs() });
  process.on('unhandledRejection', worlds.blame);

  return {
    run: worlds.run,

    /** Runs seeds until one fails. One in a hundred runs twice: the same seed must give the same trace. */
    async series({ from, amount, onReport }: Series): Promise<SeriesReport> {
      const counts = new Map<string, number>();
      let events = 0;
      for (let seed = from; seed < from + amount; seed++) {
        const report = await worlds.run(seed);
        onReport?.(report);
        events += report.events;
        for (const [fault, times] of report.counts) counts.set(fault, (counts.get(fault) ?? 0) + times);
        if (!report.violation && seed % repeatedEvery === 0) {
          const again = await worlds.run(seed);
          if (again.traceHash !== report.traceHash) {
            const detail = `two runs differ: ${report.traceHash} and ${again.traceHash}`;
            report.violation = { invariant: 'determinism', detail, at: 0 };
          }
        }
        if (report.violation) return { seeds: seed - from + 1, events, counts, failed: report };
      }
      return { seeds: amount, events, counts, failed: null };
    },

    async close(): Promise<void> {
      process.off('unhandledRejection', worlds.blame);
      restoreAmbient();
      await book.close();
      clips.remove();
    },
  };
}

/** What a person needs to see of a failed seed: its last events and how to see it again. */
export function explain(failed: SeedReport): string {
  return [
    ...failed.lastEvents.filter(Boolean),
    `seed ${failed.seed} broke ${failed.violation!.invariant}: ${failed.violation!.detail}`,
    `again: npm run simulate -- --seed ${failed.seed} --trace`,
  ].join('\n');
}
