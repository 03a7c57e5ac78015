import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Mutation } from './mutations.ts';
import type { Violation } from './simulation.ts';

const root = join(import.meta.dirname, '../..');

/** Why a mutation cannot be planted (its text is gone or not unique), or null. */
export function faultOf({ name, file, find, replace }: Mutation): string | null {
  const found = readFileSync(join(root, file), 'utf8').split(find).length - 1;
  if (found !== 1) return `"${name}" is stale: ${file} holds its text ${found} times`;
  return find === replace ? `"${name}" changes nothing` : null;
}

export interface MutantReport {
  /** How many it took, or how many were survived. */
  seeds: number;
  /** The promise that broke; `does not run` when the planted bug stopped the process itself. */
  caughtAs: string | null;
  seconds: number;
}

/** Runs seeds against one planted bug in a process of its own. */
export async function runMutant(name: string, seeds: number): Promise<MutantReport> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'mutant.ts'), name, String(seeds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (output.trim() === '') throw new Error(`the process with "${name}" did not report`);
  const report = JSON.parse(output) as { seeds: number; violation: Violation | null };
  return {
    seeds: report.seeds,
    caughtAs: report.violation?.invariant ?? null,
    seconds: (performance.now() - startedAt) / 1_000,
  };
}
