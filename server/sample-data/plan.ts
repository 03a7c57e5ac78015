import { newJob } from '../jobs/new-job.ts';
import { promptsFor } from '../jobs/order.ts';
import type { JobErrorCode } from '../errors.ts';
import type { JobRow, PresetRow } from '../store/schema.ts';
import { failures, ownPrompts, products, sellers } from './cast.ts';
import type { Chance } from './chance.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** The newest job ended long enough ago that nobody takes it for one in hand. */
const quietMs = 60 * minuteMs;

export interface PlannedSeller {
  id: string;
  userId: string;
  name: string;
  locale: keyof typeof products;
  joinedAt: number;
}

/** A job and how it will end. */
export interface PlannedJob {
  order: JobRow;
  end: 'completed' | 'failed' | 'cancelled';
  failure?: { code: JobErrorCode; words: string; reachedProvider: boolean };
  submittedAt: number;
  endedAt: number;
  views: number;
  downloads: number;
}

interface PlanParts {
  presets: PresetRow[];
  chance: Chance;
  /** An id that sorts by this moment. */
  idAt(at: number): string;
  now: number;
}

/** Who orders what, when, and how it ends: thirty days up to an hour ago, no two jobs of a seller at once. */
export function planMonth({ presets, chance, idAt, now }: PlanParts): { sellers: PlannedSeller[]; jobs: PlannedJob[] } {
  const start = now - 30 * dayMs;
  const cast = sellers.map((seller, at): PlannedSeller => {
    const joinedAt = start + Math.floor(chance.next() * at * (dayMs / 2));
    return { ...seller, id: idAt(joinedAt), joinedAt };
  });
  const freeAt = new Map<string, number>();
  const jobs: PlannedJob[] = [];
  for (let day = 0; day < 30; day += 1) {
    const weekday = new Date(start + day * dayMs).getUTCDay();
    const count = (weekday % 6 === 0 ? 6 : 11) + Math.floor(day / 6) + chance.between(-3, 4);
    for (let nth = 0; nth < count; nth += 1) {
      const wished = start + day * dayMs + Math.floor(chance.next() * dayMs);
      // Squared, the first of the cast are drawn most often.
      const seller = cast[Math.floor(chance.next() ** 2 * cast.length)]!;
      const at = Math.max(wished, seller.joinedAt + minuteMs, (freeAt.get(seller.id) ?? 0) + minuteMs);
      const job = planJob(seller, at);
      if (job.endedAt > now - quietMs) continue;
      freeAt.set(seller.id, job.endedAt);
      jobs.push(job);
    }
  }
  return { sellers: cast, jobs };

  function planJob(seller: PlannedSeller, at: number): PlannedJob {
    const id = idAt(at);
    const preset = chance.one(presets);
    const title = chance.one(products[seller.locale]);
    const prompt = chance.next() < 0.3 ? chance.one(ownPrompts) : undefined;
    const request = { presetId: preset.presetId, fit: 'crop' as const, title, ...(prompt !== undefined && { prompt }) };
    const facts = { id, accountId: seller.id, idempotencyKey: id, frame: null, expectedMs: 90_000 };
    const ordered = { request, requestHash: id, preset, ...promptsFor(preset, request) };
    const order = newJob({ ...facts, ...ordered, deadlineAt: at + 6 * 60 * minuteMs, now: at });
    const luck = chance.next();
    const end = luck < 0.86 ? 'completed' : luck < 0.96 ? 'failed' : 'cancelled';
    const submittedAt = at + chance.between(2_000, 45_000);
    const tookMs = chance.between(60_000, 150_000) * (preset.seconds > 5 ? 2 : 1);
    const views = end === 'completed' ? Math.floor(chance.next() ** 2 * 40) : 0;
    return {
      order,
      end,
      ...(end === 'failed' && { failure: chance.one(failures) }),
      submittedAt,
      endedAt: submittedAt + tookMs,
      views,
      downloads: Math.floor(views * chance.next() * 0.5),
    };
  }
}
