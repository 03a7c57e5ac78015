import { parseArgs } from 'node:util';
import { openBook } from './book.ts';
import { makeClipFiles } from './clips.ts';
import { replaceAmbient } from './life.ts';
import { createWorlds, type SeedReport } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

const clips = await makeClipFiles([5, 10]);
const book = await openBook();
replaceAmbient();
const worlds = createWorlds({ book, clips });

const first = Number(values.seed ?? values.from);
const amount = values.seed === undefined ? Number(values.seeds) : 1;
const counts = new Map<string, number>();
let events = 0;
let failed: SeedReport | null = null;
const startedAt = performance.now();
for (let seed = first; seed < first + amount && !failed; seed++) {
  const report = await worlds.run(seed, values.trace ? say : undefined);
  events += report.events;
  for (const [fault, times] of report.counts) counts.set(fault, (counts.get(fault) ?? 0) + times);
  if (report.violation) failed = report;
  else if (seed % 100 === 0) {
    const again = await worlds.run(seed);
    if (again.traceHash !== report.traceHash) {
      say(`seed ${seed} is not deterministic: ${report.traceHash} ${again.traceHash}`);
      process.exitCode = 1;
    }
  }
}
const seconds = (performance.now() - startedAt) / 1_000;
if (failed) {
  if (!values.trace) for (const event of failed.lastEvents.filter(Boolean)) say(event);
  say(`seed ${failed.seed}: ${failed.violation!.invariant}: ${failed.violation!.detail}`);
  say(`again: npm run simulate -- --seed ${failed.seed} --trace`);
  process.exitCode = 1;
}
for (const [fault, times] of [...counts].sort()) say(`${fault.padEnd(28)}${times}`);
const cpuSeconds = (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const perMinute = (spent: number) => Math.round((amount / spent) * 60);
say(`${amount} seeds, ${events} events, ${seconds.toFixed(1)} s; ${perMinute(seconds)} seeds a minute, ${perMinute(cpuSeconds)} a minute of processor time`);
await book.close();
clips.remove();
