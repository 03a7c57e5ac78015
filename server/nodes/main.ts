/** `npm run node-loop`: three real servers on one PostgreSQL behind a proxy, and one misfortune after the other. */
import { parseArgs } from 'node:util';
import { createChance } from '../kill-loop/chance.ts';
import { liveThrough, misfortunes, type Misfortune } from './life.ts';
import { foundTown } from './town-testing.ts';

const { values } = parseArgs({
  options: {
    misfortunes: { type: 'string', default: '40' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  },
});
const { only } = values;
const known = only === undefined || misfortunes.includes(only as Misfortune);
if (!known || !/^\d+$/.test(values.seed + values.misfortunes)) {
  process.stderr.write(
    `npm run node-loop -- [--misfortunes 40] [--seed 1] [--only ${misfortunes.map((name) => `'${name}'`).join('|')}]\n`,
  );
  process.exit(2);
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
const chance = createChance(Number(values.seed));
const happens = Array.from({ length: Number(values.misfortunes) }, () =>
  only === undefined ? chance.pick(misfortunes) : (only as Misfortune),
);
print(`seed ${values.seed}`);
const startedAt = Date.now();
const town = await foundTown();
try {
  const report = await liveThrough({ town, chance, happens, tell: print });
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  for (const violation of report.violations) print(`VIOLATION (seed ${values.seed}): ${violation}`);
  print(
    `${happens.length} misfortunes in ${minutes} minutes, ${report.jobs} jobs, ${report.healed} requests sent again, ` +
      `${report.reconnections} streams opened again, ${report.violations.length} violations`,
  );
  process.exitCode = report.violations.length > 0 ? 1 : 0;
} finally {
  await town.close();
}
