/** One thing that was looked at. `warning`: covers can be made, but somebody should know; `failed`: somebody must act. */
export interface Finding {
  /** Stable, such as `ledger`; several findings may share one. */
  id: string;
  state: 'ok' | 'warning' | 'failed';
  text: string;
  /** What to do about it, in a sentence or two. */
  remedy?: string;
  /** The same in Russian, for the admin; left out where a vendor is quoted. */
  ru?: { text: string; remedy?: string };
}

const namedAtMost = 5;

/** "a, b, c and 4 more"; `others` says the last three words. */
export function listed(names: string[], others = (rest: number) => `and ${rest} more`): string {
  const rest = names.length - namedAtMost;
  return names.slice(0, namedAtMost).join(', ') + (rest > 0 ? ` ${others(rest)}` : '');
}

/** "1 job", "3 jobs". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
