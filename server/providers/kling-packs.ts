import { z } from 'zod';
import { cleanText } from './vendor-text.ts';

/** A resource pack of a Kling account. */
export interface KlingPack {
  name: string;
  totalUnits: number;
  /** Twelve hours behind, by Kling's own word. */
  remainingUnits: number;
  validUntilMs: number;
  /** Only `online` packs are in use; Kling's other words are toBeOnline, expired and runOut. */
  status: string;
  /** Tasks at once, where the pack's name tells ("…-5Con-…"). */
  slots: number | null;
}

// GET /account/costs, account usage page, captured 2026-09-20. The list is absent when there are no packs (seen live).
const costsSchema = z.object({
  code: z.int().catch(0),
  msg: z.string().catch(''),
  resource_pack_subscribe_infos: z.array(z.unknown()).nullish(),
});
const packSchema = z.object({
  resource_pack_name: z.string(),
  total_quantity: z.number().catch(0),
  remaining_quantity: z.number().catch(0),
  invalid_time: z.number().catch(0),
  status: z.string().catch(''),
});

/** Where the packs are listed; free to call, at most once a second. */
export function packsPath(nowMs: number): string {
  const yearMs = 365 * 86_400_000;
  return `/account/costs?start_time=${Math.floor(nowMs - yearMs)}&end_time=${Math.floor(nowMs)}`;
}

/** Reads the `data` of the answer; null when it is not such a list or carries an error of its own. */
export function readPacks(data: unknown): KlingPack[] | null {
  const costs = costsSchema.safeParse(data);
  if (!costs.success || costs.data.code !== 0) return null;
  const rows = costs.data.resource_pack_subscribe_infos ?? [];
  return rows.flatMap((row) => {
    const pack = packSchema.safeParse(row);
    return pack.success ? [toPack(pack.data)] : [];
  });
}

function toPack(row: z.infer<typeof packSchema>): KlingPack {
  const slots = /(?<![a-z\d])(\d{1,4})\s?con(?![a-z])/i.exec(row.resource_pack_name)?.[1];
  return {
    name: cleanText(row.resource_pack_name),
    totalUnits: row.total_quantity,
    remainingUnits: row.remaining_quantity,
    validUntilMs: row.invalid_time,
    status: cleanText(row.status),
    slots: slots === undefined ? null : Number(slots),
  };
}
