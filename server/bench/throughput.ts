import { runLoad } from './load.ts';
import type { Subject } from './process.ts';
import type { Bench } from './goal.ts';

export const clients = 32;

/** Measures requests a second at 32 connections; answers a function that does one round. */
export function throughputOf(bench: Bench, subject: Subject, requests: string[]): () => Promise<number> {
  return async () => {
    const load = { url: subject.url, requests, connections: clients, durationMs: bench.roundMs };
    return (await runLoad(load)).perSecond;
  };
}
