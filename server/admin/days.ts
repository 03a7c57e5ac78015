const dayMs = 24 * 60 * 60 * 1000;

/** Days as a date field sends them, `2026-11-20`, in UTC; empty means without an end. */
export interface Days {
  from: string;
  to: string;
}

/** Milliseconds of the day's start in UTC; null for what is no day. */
export function dayStart(day: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const at = Date.parse(`${day}T00:00:00Z`);
  // JavaScript takes the 31st of February for the 3rd of March.
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(day) ? at : null;
}

/** Whether both are days or empty, in their order. */
export function areDays({ from, to }: Days): boolean {
  const [start, end] = [dayStart(from), dayStart(to)];
  if ((from !== '' && start === null) || (to !== '' && end === null)) return false;
  return start === null || end === null || start <= end;
}

/** The moments that the days stand for, both days included. */
export function dayRange({ from, to }: Days): { from?: number; until?: number } {
  const [start, end] = [dayStart(from), dayStart(to)];
  return { ...(start !== null && { from: start }), ...(end !== null && { until: end + dayMs }) };
}
