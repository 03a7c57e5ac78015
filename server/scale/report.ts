import { countsOf, otherStarts, type Compared } from './compare.ts';
import type { Costs } from './costs.ts';
import type { SeenWait } from './orders.ts';
import { breakingOrder, mended, type Case, type Mend, type Step } from './limits.ts';
import { loadOf, type Load, type Plan } from './model.ts';

/** A table as Markdown has it. */
export function tableOf(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

const least = 0.001;

/** Three digits that matter, large numbers with commas, next to nothing as such. */
export function shown(value: number): string {
  if (value > 0 && value < least) return `< ${least}`;
  if (!Number.isFinite(value)) return '∞';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

const perCent = (share: number): string => `${Math.round(share * 100)} %`;

/** How far `other` is from `value`, as part of it. */
export const difference = (value: number, other: number): string =>
  value === 0
    ? other === 0
      ? '0 %'
      : '–'
    : `${other >= value ? '+' : '−'}${Math.abs(Math.round((other / value - 1) * 100))} %`;

/** Waiting: the model against a long run on paper, and the core against the same orders on paper. */
export function waitTable(compared: Compared[]): string {
  const figures: [name: string, of: (wait: SeenWait) => number][] = [
    ['of a hundred jobs wait', ({ share }) => share * 100],
    ['mean wait, s', ({ meanSeconds }) => meanSeconds],
    ['p95 wait, s', ({ p95Seconds }) => p95Seconds],
    ['queue length', ({ queueLength }) => queueLength],
  ];
  const rows = compared.flatMap(({ trial, model, longRun, measured }) =>
    figures.map(([name, of], at) => [
      at === 0 ? `${trial.slots} slots, ${perCent(trial.utilisation)} busy, ${timesOf(trial.phases)}` : '',
      name,
      shown(of(model)),
      shown(of(longRun)),
      difference(of(longRun), of(model)),
      shown(of(measured.paper)),
      shown(of(measured.core)),
      at === 0 ? `${otherStarts(measured)} of ${measured.clips}` : '',
    ]),
  );
  const head = [
    'trial',
    'figure',
    'model',
    'long run',
    'model off by',
    'orders on paper',
    'the real core',
    'starts that differ',
  ];
  return tableOf(head, rows);
}

const timesOf = (phases: number) => (phases === 1 ? 'exponential times' : 'times within a quarter');

/** Counts of a clip, model and core. */
export function countTable(compared: Compared[]): string {
  const rows = compared.flatMap((one) =>
    countsOf(one).map(({ name, model, measured }, at) => [
      at === 0
        ? `${one.trial.slots} slots, ${one.trial.accounts === 1 ? 'one account' : `${one.trial.accounts} accounts`}, ${perCent(one.trial.utilisation)} busy`
        : '',
      name,
      shown(model),
      shown(measured),
      difference(measured, model),
    ]),
  );
  return tableOf(['trial', 'for a clip', 'model', 'the real core', 'model off by'], rows);
}

/** What single things cost here. */
export function costTable(costs: Costs, known: Costs): string {
  const names = Object.keys(costs) as (keyof Costs)[];
  return tableOf(
    ['cost', 'used', 'known before'],
    names.map((name) => [name, shown(costs[name]), shown(known[name])]),
  );
}

/** One column a size, each with the plan that its changes lead to. */
export function loadTable(cases: { name: string; given: Case }[]): string {
  const loads = cases.map(({ given }) => ({
    load: loadOf(given.demand, given.provider, given.plan, given.costs),
    plan: given.plan,
  }));
  const lines: [name: string, of: (one: { load: Load; plan: Plan }) => string][] = [
    ['installations', ({ plan }) => shown(plan.installations)],
    ['**of each:** clips a second', ({ load }) => shown(load.clipsPerSecond)],
    ['slots (accounts)', ({ load, plan }) => `${shown(plan.slots)} (${shown(load.accounts)})`],
    ['busy', ({ load }) => perCent(load.wait.utilisation)],
    ['jobs that wait', ({ load }) => perCent(load.wait.share)],
    ['mean wait, p95, s', ({ load }) => `${shown(load.wait.meanSeconds)}, ${shown(load.wait.p95Seconds)}`],
    ['queue', ({ load }) => shown(load.wait.queueLength)],
    ['provider calls a second', ({ load }) => shown(load.providerCallsPerSecond)],
    ['transactions a second', ({ load }) => shown(load.transactionsPerSecond)],
    ['of which tell the nodes', ({ load }) => shown(load.tellingPerSecond)],
    ['reads a second', ({ load }) => shown(load.readsPerSecond)],
    ['signals a second', ({ load }) => shown(load.signalsPerSecond)],
    ['web nodes, workers', ({ plan }) => `${plan.webNodes}, ${plan.workerNodes}`],
    ['open streams a web node', ({ load }) => shown(load.streamsPerNode)],
    ['their memory, MB', ({ load }) => shown(load.streamMegabytesPerNode)],
    ['writes to them a second, a web node', ({ load }) => shown(load.streamWritesPerSecondPerNode)],
    ['uploads, MB/s', ({ load }) => shown(load.uploadMegabytesPerSecond)],
    ['clips read, MB/s', ({ load }) => shown(load.mediaMegabytesPerSecond)],
    ['files a month, GB', ({ load }) => shown(load.mediaGigabytesPerMonth)],
    ['rows a month, GB', ({ load }) => shown(load.databaseGigabytesPerMonth)],
    ['paid to Kling a month, $', ({ load }) => shown(load.providerDollarsPerMonth)],
    ['database, files, clips', ({ plan }) => `${plan.database}, ${plan.files}, ${plan.clipReads}`],
  ];
  return tableOf(
    ['', ...cases.map(({ name }) => name)],
    lines.map(([name, of]) => [name, ...loads.map(of)]),
  );
}

const changeOf = ({ by, what }: Mend): string => (by === 'code' ? `**code:** ${what}` : what);

/** What breaks as the sellers become more and nothing is changed. */
export function breakingTable(given: Case): string {
  const rows = breakingOrder(given).map(({ limit, growth }) => [
    limit.name,
    Number.isFinite(growth) ? `${shown(growth)}×` : 'never',
    `${shown(limit.capacity)} ${limit.unit}`,
    changeOf(limit.mend),
  ]);
  return tableOf(['limit', 'reached at', 'line', 'then'], rows);
}

/** The changes that lead from a plan to one that carries the demand, the most broken thing first. */
export function stepTable(steps: Step[]): string {
  const rows = steps.map(({ limit, mend }) => [
    limit.name,
    `${shown(limit.load)} of ${shown(limit.capacity)} ${limit.unit}`,
    changeOf(mend),
  ]);
  return tableOf(['what breaks', 'load of line', 'change'], rows);
}

/** The same sellers so many times over, each size with the plan of the size before as its start. */
export function projections(today: Case, growths: number[]): { growth: number; given: Case; steps: Step[] }[] {
  let { plan } = today;
  return growths.map((growth) => {
    const demand = { ...today.demand, sellersPerDay: today.demand.sellersPerDay * growth };
    const { plan: enough, steps } = mended({ ...today, demand, plan });
    plan = enough;
    return { growth, given: { ...today, demand, plan }, steps };
  });
}
