/** `npm run mutation-gate`: every planted bug must be caught within 5,000 seeds. Prints the table; exits with 1 if one survives. */
import { parseArgs } from 'node:util';
import { mutations } from './mutations.ts';
import { faultOf, runMutant } from './mutants.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '5000' }, only: { type: 'string' } } });
const say = (text: string) => process.stdout.write(`${text}\n`);

const chosen = mutations.filter(({ name }) => values.only === undefined || name.includes(values.only));
const survivors: string[] = [];
say(`${'planted bug'.padEnd(46)}${'promise'.padEnd(14)}${'seeds'.padStart(6)}${'seconds'.padStart(9)}`);
for (const mutation of chosen) {
  const stale = faultOf(mutation);
  if (stale) throw new Error(stale);
  const { seeds, caughtAs, seconds } = await runMutant(mutation.name, Number(values.seeds));
  if (caughtAs === null) survivors.push(mutation.name);
  say(
    `${mutation.name.padEnd(46)}${(caughtAs ?? 'SURVIVED').padEnd(14)}${String(seeds).padStart(6)}${seconds.toFixed(1).padStart(9)}`,
  );
}
say(`${chosen.length - survivors.length} of ${chosen.length} caught`);
process.exitCode = survivors.length > 0 ? 1 : 0;
