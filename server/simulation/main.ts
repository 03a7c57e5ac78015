import { parseArgs } from 'node:util';
import { explain, openRunner } from './runner.ts';

/** `npm run simulate -- --seeds N [--from S]`, or `--seed S [--trace]` for one. Exits with 1 when a promise is broken. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

const runner = await openRunner();
if (values.seed !== undefined) {
  const report = await runner.run(Number(values.seed), values.trace ? say : undefined);
  if (report.violation) say(values.trace ? explain({ ...report, lastEvents: [] }) : explain(report));
  else say(`seed ${report.seed} kept every promise in ${report.events} events; trace ${report.traceHash}`);
  process.exitCode = report.violation ? 1 : 0;
} else {
  const startedAt = performance.now();
  const { seeds, events, counts, failed } = await runner.series({
    from: Number(values.from),
    amount: Number(values.seeds),
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage();
  const perMinute = (spent: number) => Math.round((seeds / spent) * 60);

  say('fault                         times it really happened');
  for (const [fault, times] of [...counts].toSorted()) say(`${fault.padEnd(30)}${times}`);
  say(`${seeds} seeds, ${events} events, ${seconds.toFixed(1)} s`);
  say(`${perMinute(seconds)} seeds a minute; ${perMinute((user + system) / 1e6)} a minute of processor time`);
  if (failed) say(explain(failed));
  process.exitCode = failed ? 1 : 0;
}
await runner.close();
