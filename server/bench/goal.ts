import type { Ratio } from './figures.ts';

/** A line of the table. */
export interface Row {
  id: string;
  what: string;
  figure: string;
  floor: string;
  ratio: string;
  spread: string;
  goal: string;
  /** Null: not compared, and `note` says why. */
  met: boolean | null;
  note?: string;
}

/** What a goal is given to work with. */
export interface Bench {
  /** Fewer and shorter rounds. */
  isQuick: boolean;
  /** Whether other job engines are installed in a temporary folder and timed too. */
  withPeers: boolean;
  rounds: number;
  roundMs: number;
  /** The longest stalls of event loops so far, by kind of process. */
  stalls: { ours: Stall; floors: Stall };
  /** Says what goes on; no part of the result. */
  tell(line: string): void;
}

/** The longest time that an event loop stood still, and in which goal. */
export interface Stall {
  ms: number;
  where: string;
}

/** A goal of the table in facts/performance.md, section 10. */
export interface Goal {
  id: string;
  run(bench: Bench): Promise<Row[]>;
}

/** 1234.5 → `1,235`, 12.34 → `12.3`, 0.1234 → `0.12`. */
export function shown(value: number, unit = ''): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit ? `${text} ${unit}` : text;
}

/** The columns of a ratio. */
export function ratioColumns({ median, low, high }: Ratio): Pick<Row, 'ratio' | 'spread'> {
  return { ratio: shown(median), spread: spreadOf([low, high]) };
}

/** From the lowest to the highest. */
export function spreadOf(values: readonly number[]): string {
  return `${shown(Math.min(...values))}–${shown(Math.max(...values))}`;
}
