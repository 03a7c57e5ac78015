/**
 * `npm run kill-loop`: kills the real server again and again and looks whether anything was lost. Ends with 0, or with 1
 * and the violations. `--seed` repeats the order of the points and the arrivals at them; what the clients do in between
 * hangs on real processes and real time, so a violation comes back soon rather than at the same kill.
 */
import { parseArgs } from 'node:util';
import { createChance } from './chance.ts';
import { runLoop } from './loop.ts';
import { plantedFaults } from './planted-faults.ts';
import { killPoints } from './points.ts';
import { countsText, medianStartMs, type Report } from './report.ts';
import { schedule } from './schedule.ts';
import { createWorld, type DatabaseKind } from './testing.ts';

const tellEvery = 20;
const names: Record<DatabaseKind, string> = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '520' },
    database: { type: 'string', default: 'both' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    point: { type: 'string' },
    plant: { type: 'string' },
  },
});
const usage = `npm run kill-loop -- [--kills 520] [--database sqlite|postgres|both] [--seed 1] [--point K5] [--plant fault]

  --point  only this named point: ${killPoints.map(({ name }) => name).join(' ')}
  --plant  with this fault in the server, which the loop must find: ${Object.keys(plantedFaults).join(' ')}
`;
const isKnown =
  /^(sqlite|postgres|both)$/.test(values.database) &&
  /^\d+$/.test(values.seed + values.kills) &&
  (values.point === undefined || killPoints.some(({ name }) => name === values.point)) &&
  (values.plant === undefined || Object.hasOwn(plantedFaults, values.plant));
if (!isKnown) {
  process.stderr.write(usage);
  process.exit(2);
}

const seed = Number(values.seed);
const kinds = values.database === 'both' ? (['sqlite', 'postgres'] as const) : [values.database as DatabaseKind];
const faults = values.plant === undefined ? [] : plantedFaults[values.plant]!;
const print = (line: string) => void process.stdout.write(`${line}\n`);

async function runOn(kind: DatabaseKind, kills: number): Promise<Report> {
  const chance = createChance(seed + (kind === 'postgres' ? 1 : 0));
  const world = await createWorld(kind, faults);
  let told = 0;
  try {
    return await runLoop({
      world,
      chance,
      kills,
      plans: schedule({ chance: createChance(seed), kind, ...(values.point && { only: values.point }) }),
      tell(report) {
        if (report.kills - told < tellEvery) return;
        told = report.kills;
        print(`${names[kind]}: ${told} kills, ${report.acknowledged} jobs, start ${medianStartMs(report)} ms`);
      },
    });
  } finally {
    await world.close();
  }
}

function finalLine(reports: Map<DatabaseKind, Report>, minutes: number): string {
  const all = [...reports.values()];
  const sum = (of: (report: Report) => number) => all.reduce((total, report) => total + of(report), 0);
  const kills = sum((report) => report.kills);
  const byPoint = new Map<string, number>();
  for (const report of all)
    for (const [name, count] of report.byPoint) byPoint.set(name, (byPoint.get(name) ?? 0) + count);
  const perDatabase = [...reports].map(([kind, report]) => `${names[kind]} ${report.kills}`).join(', ');
  const facts = [
    `${kills} kills (${perDatabase}; ${countsText(byPoint)})`,
    `${sum((report) => report.acknowledged)} acknowledged jobs`,
    `${sum((report) => report.completed)} completed`,
    `${sum((report) => report.refunded)} refunded`,
    `${sum((report) => report.tasks)} tasks bought`,
    `${sum((report) => report.violations.length)} violations`,
    `${(kills / minutes).toFixed(1)} kills/min`,
    `start ${Math.max(...all.map(medianStartMs))} ms`,
    `calm ${Math.max(...all.map((report) => report.calmMs))} ms`,
    `${sum((report) => report.strayFiles)} files that no row names`,
  ];
  return facts.join(', ');
}

const startedAt = Date.now();
const reports = new Map<DatabaseKind, Report>();
print(`seed ${seed}`);
for (const kind of kinds) {
  const share = Math.ceil(Number(values.kills) * (kinds.length === 1 ? 1 : kind === 'sqlite' ? 0.58 : 0.42));
  const report = await runOn(kind, share);
  reports.set(kind, report);
  if (report.missed.size > 0) print(`${names[kind]}: not reached in time: ${countsText(report.missed)}`);
  for (const violation of report.violations) print(`VIOLATION (seed ${seed}, ${names[kind]}): ${violation}`);
}
print(finalLine(reports, (Date.now() - startedAt) / 60_000));
process.exitCode = [...reports.values()].some(({ violations }) => violations.length > 0) ? 1 : 0;
