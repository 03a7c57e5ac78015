// Prints how fast we are as ratios to floors and peers of the same run: npm run bench [-- P1 P3] [--quick] [--json] [--peers]
import { parseArgs } from 'node:util';
import type { Bench, Row } from './goal.ts';
import { goals } from './goals/goals.ts';
import { describeMachine } from './machine.ts';
import { markdownTable } from './table.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, peers: { type: 'boolean' } },
});
const wanted = new Set(positionals.map((id) => id.replace(/^p/, 'P').replace('B', 'b')));
const unknown = [...wanted].filter((id) => !goals.some((goal) => goal.id === id));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(', ')}; there are ${goals.map(({ id }) => id).join(' ')}`);

const isQuick = flags.quick ?? false;
const bench: Bench = {
  isQuick,
  withPeers: flags.peers ?? false,
  rounds: isQuick ? 3 : 5,
  roundMs: isQuick ? 1_000 : 2_000,
  stalls: { ours: { ms: 0, where: '' }, floors: { ms: 0, where: '' } },
  tell: (line) => void process.stderr.write(`${line}\n`),
};

const machine = describeMachine();
const conditions =
  `${bench.rounds} rounds of ${bench.roundMs / 1000} s by turns where a rate is told; medians; ` +
  'the spread is the lowest and highest ratio of a round and its neighbour';
bench.tell(`${machine}\n${conditions}`);
const rows: Row[] = [];
let isBroken = false;

/** A goal that could not be measured; the others go on. */
function broken(id: string, fault: unknown): Row {
  isBroken = true;
  const none = { figure: '–', floor: '–', ratio: '–', spread: '–', goal: '–' };
  const [sentence = ''] = String(fault).split('\n');
  bench.tell(fault instanceof Error ? (fault.stack ?? sentence) : sentence);
  return { id, what: 'could not be measured', ...none, met: null, note: sentence };
}

for (const goal of goals) {
  if (wanted.size > 0 && !wanted.has(goal.id)) continue;
  const startedAt = performance.now();
  bench.tell(`${goal.id} …`);
  const found = await goal.run(bench).catch((fault: unknown) => [broken(goal.id, fault)]);
  rows.push(...found);
  bench.tell(markdownTable(found));
  bench.tell(`  ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}
process.stdout.write(
  flags.json
    ? `${JSON.stringify({ machine, conditions, rows }, null, 2)}\n`
    : `${machine}\n\n${conditions}\n\n${markdownTable(rows)}\n`,
);
process.exit(isBroken ? 1 : 0);
