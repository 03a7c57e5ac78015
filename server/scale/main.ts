// Prints how the model compares with the real core at small sizes, and what breaks at larger ones: npm run scale
import { parseArgs } from 'node:util';
import { assumedDemand, assumedLines, assumedProvider, knownCosts, shippedPlan } from './assumptions.ts';
import { compare, type Compared, type Trial } from './compare.ts';
import { breakingTable, costTable, countTable, loadTable, projections, shown, stepTable, waitTable } from './report.ts';
import { timeCosts } from './time-costs.ts';

/** `--orders N`: so many orders in each trial (300). `--sellers N`: today's sellers on a day. `--known`: measure no times. */
const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '300' },
    sellers: { type: 'string', default: String(assumedDemand.sellersPerDay) },
    known: { type: 'boolean', default: false },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Two seeds of so many orders differ by 3 % in their mean wait; of a tenth of it by 10 %. */
const longOrders = 500_000;
const trial = { seed: 1, orders: Number(values.orders), accounts: 1, phases: 16, countsIdleRounds: false, longOrders };
const waiting: Trial[] = [
  { ...trial, slots: 5, utilisation: 0.5 },
  { ...trial, slots: 5, utilisation: 0.8 },
  { ...trial, slots: 5, utilisation: 0.8, phases: 1 },
  { ...trial, slots: 20, utilisation: 0.8 },
  { ...trial, slots: 20, utilisation: 0.9 },
];
const counting: Trial[] = [
  { ...trial, slots: 5, utilisation: 0.5, countsIdleRounds: true },
  { ...trial, slots: 20, utilisation: 0.8, countsIdleRounds: true },
  { ...trial, slots: 20, utilisation: 0.8, accounts: 4, countsIdleRounds: true },
];

async function all(trials: Trial[]): Promise<Compared[]> {
  const compared = [];
  for (const one of trials) compared.push(await compare(one));
  return compared;
}

say(`## Waiting, ${values.orders} orders a trial\n`);
say(waitTable(await all(waiting)));
const counted = await all(counting);
say('\n## What a clip costs\n');
say(countTable(counted));

const { cpuMsPerClip, databaseBytesPerClip } = counted[1]!.measured;
const costs = { ...knownCosts, ...(!values.known && { cpuMsPerClip, databaseBytesPerClip, ...(await timeCosts()) }) };
say('\n## Costs of single things\n');
say(costTable(costs, knownCosts));

const demand = { ...assumedDemand, sellersPerDay: Number(values.sellers) };
const today = { demand, provider: assumedProvider, plan: shippedPlan, costs, lines: assumedLines };
const sizes = projections(today, [1, 10, 100, 1_000]);
say(`\n## What breaks while nothing but slots is bought, from ${shown(demand.sellersPerDay)} sellers a day on\n`);
say(breakingTable({ ...today, plan: sizes[0]!.given.plan }));
for (const { given, steps } of sizes) {
  say(`\n## ${shown(given.demand.sellersPerDay)} sellers a day\n`);
  say(stepTable(steps));
}
say('\n## The busiest hour, with these changes\n');
say(loadTable(sizes.map(({ given }) => ({ name: `${shown(given.demand.sellersPerDay)} sellers`, given }))));
