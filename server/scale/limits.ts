import { offeredErlangs, slotsFor } from './erlang.ts';
import type { Costs } from './costs.ts';
import { loadOf, type Demand, type Load, type Plan, type Provider } from './model.ts';

/** What we promise and what machines can do: the lines that a load is held against. */
export interface Lines {
  /** Ninety-five of a hundred jobs wait no longer for a slot in the busiest hour. */
  p95WaitSeconds: number;
  /** How full the slots may be on average: nearer to one, a day a little busier than planned never ends. */
  fullSlotsShare: number;
  /** How full a thread, a disk or a network may be in the busiest hour. */
  fullShare: number;
  /** One loop over all streams may stop a node's other work for so long (goal P13). */
  longestStallMs: number;
  connectionsPerNode: number;
  networkMegabytesPerSecond: number;
  diskGigabytes: number;
  /** A file that can still be copied and checked in a short night. */
  sqliteGigabytes: number;
}

/** Ours, of the code: `jobs/worker.ts`, `jobs/sweep.ts`, `http/event-hub.ts`. */
const submitsInHand = 16;
const downloadsInHand = 4;
const listedTasks = 500;
const heartbeatTurns = 20;
const diskMonths = 12;
/** Where the slots stand among the limits. */
const slotsAt = 0;

/** Something that ends somewhere. */
export interface Limit {
  name: string;
  load: number;
  capacity: number;
  unit: string;
  mend: Mend;
}

export interface Mend {
  what: string;
  /** A setting, a change to the code that is not made yet, or, when neither helps, sellers divided among installations. */
  by: 'setting' | 'code' | 'division';
  plan: Plan;
}

export interface Case {
  demand: Demand;
  provider: Provider;
  plan: Plan;
  costs: Costs;
  lines: Lines;
}

/** Every limit of a plan under this demand. One is broken when its load is above its capacity. */
export function limitsOf(given: Case): Limit[] {
  const load = loadOf(given.demand, given.provider, given.plan, given.costs);
  return [...outside(given, load), ...workers(given, load), ...web(given, load), ...stores(given, load)];
}

function outside({ provider, plan, lines }: Case, load: Load): Limit[] {
  const roomy = Math.ceil(offeredErlangs(load.traffic) / lines.fullSlotsShare);
  const needed = Math.max(roomy, slotsFor(load.traffic, lines.p95WaitSeconds));
  const reach = (load.clipsPerSecond / load.accounts) * provider.taskSeconds * (1 + 3 * provider.taskVariation);
  return [
    {
      name: `Kling’s slots, for ${lines.p95WaitSeconds} s of waiting at most (p95)`,
      load: needed,
      capacity: plan.slots,
      unit: 'slots',
      mend: setting(slotsIn(needed, plan.slotsPerAccount), {
        ...plan,
        slots: needed,
      }),
    },
    {
      name: 'tasks that one list call must reach back over, of an account',
      load: reach,
      capacity: listedTasks,
      unit: 'tasks',
      mend: setting('more accounts with fewer slots each', {
        ...plan,
        slotsPerAccount: Math.floor(plan.slotsPerAccount / 2),
      }),
    },
  ];
}

function workers({ provider, plan, costs, lines }: Case, load: Load): Limit[] {
  const nodes = plan.workerNodes;
  const perNode = load.clipsPerSecond / nodes;
  const queueRows = load.clipsPerSecond * Math.min(load.wait.queueLength, load.backlogPerHour || Infinity);
  const clipShare = (load.clipsPerSecond * costs.cpuMsPerClip) / 1_000;
  const roundShare = (load.roundsPerSecond * costs.roundMs) / 1_000;
  const more = (name: string, busy: number, capacity: number, unit: string): Limit => ({
    name,
    load: busy,
    capacity,
    unit,
    mend: moreWorkers(plan, Math.ceil((busy * nodes) / capacity)),
  });
  return [
    more(
      'downloads at once, per worker',
      perNode * provider.downloadSeconds,
      downloadsInHand * lines.fullShare,
      'downloads',
    ),
    more('submits at once, per worker', perNode * provider.submitSeconds, submitsInHand * lines.fullShare, 'submits'),
    more('pictures cut, one at a time, per worker', (perNode * costs.pictureMs) / 1_000, lines.fullShare, 'threads'),
    more('a worker’s event loop: its clips', clipShare / nodes, lines.fullShare, 'cores'),
    more('a worker’s event loop: its rounds', roundShare, lines.fullShare, 'cores'),
    {
      name: 'the door: held tasks read in every round in which somebody waits, and for each account with room',
      load: (load.doorRowsPerSecond * costs.heldRowUs) / 1e6,
      capacity: lines.fullShare / 2,
      unit: 'cores',
      mend: onceForAll(plan, (load.doorRowsPerSecond * costs.heldRowUs) / 1e6 / (lines.fullShare / 2)),
    },
    {
      name: 'the fair order: waiting jobs read at each admission',
      load: (queueRows * costs.queuedRowUs) / 1e6,
      capacity: lines.fullShare / 2,
      unit: 'cores',
      mend: split(plan, (queueRows * costs.queuedRowUs) / 1e6 / (lines.fullShare / 2)),
    },
  ];
}

function web({ plan, costs, lines }: Case, load: Load): Limit[] {
  const nodes = plan.webNodes;
  const more = (name: string, busy: number, capacity: number, unit: string): Limit => ({
    name,
    load: busy,
    capacity,
    unit,
    mend: moreWeb(plan, Math.ceil((busy * nodes) / capacity)),
  });
  const egress = plan.clipReads === 'through' ? load.mediaMegabytesPerSecond : 0;
  const read = more(
    'clips and uploads through the server, per node',
    (egress + load.uploadMegabytesPerSecond) / nodes,
    lines.networkMegabytesPerSecond * lines.fullShare,
    'MB/s',
  );
  return [
    plan.clipReads === 'through' ? { ...read, mend: toRedirect(plan) } : read,
    more(
      'uploads looked through, one at a time, per web node',
      (load.clipsPerSecond * costs.inspectMs) / 1_000 / nodes,
      lines.fullShare,
      'threads',
    ),
    more('open connections, per node', load.streamsPerNode, lines.connectionsPerNode * lines.fullShare, 'streams'),
    more(
      'one turn of the heartbeat, to a twentieth of a node’s streams',
      (load.streamsPerNode * costs.streamWriteUs) / heartbeatTurns / 1_000,
      lines.longestStallMs,
      'ms',
    ),
    more(
      'a web node’s event loop: events to its streams',
      (load.streamWritesPerSecondPerNode * costs.streamWriteUs) / 1e6,
      lines.fullShare,
      'cores',
    ),
  ];
}

function stores({ plan, costs, lines }: Case, load: Load): Limit[] {
  const isSqlite = plan.database === 'sqlite';
  const perYear = load.mediaGigabytesPerMonth * diskMonths;
  const onlySqlite: Limit[] = [
    {
      name: 'SQLite: nodes on one file',
      load: Math.max(plan.webNodes, plan.workerNodes),
      capacity: 1,
      unit: 'nodes',
      mend: toPostgres(plan),
    },
    {
      name: 'SQLite: transactions, one writer',
      load: load.transactionsPerSecond,
      capacity: costs.sqlitePerSecond * lines.fullShare,
      unit: 'a second',
      mend: toPostgres(plan),
    },
    {
      name: 'SQLite: the file after a year',
      load: load.databaseGigabytesPerMonth * diskMonths,
      capacity: lines.sqliteGigabytes,
      unit: 'GB',
      mend: toPostgres(plan),
    },
  ];
  const told = (1_000 / costs.postgresFlushMs) * lines.fullShare;
  const onlyPostgres: Limit[] = [
    {
      name: 'PostgreSQL: transactions that tell something, flushed one after the other',
      load: load.tellingPerSecond,
      capacity: told,
      unit: 'a second',
      mend: split(plan, load.tellingPerSecond / told),
    },
    {
      name: 'PostgreSQL: transactions',
      load: load.transactionsPerSecond,
      capacity: costs.postgresPerSecond * lines.fullShare,
      unit: 'a second',
      mend: onceForAll(plan, load.transactionsPerSecond / (costs.postgresPerSecond * lines.fullShare)),
    },
    {
      name: 'PostgreSQL: reads',
      load: load.readsPerSecond,
      capacity: costs.postgresReadsPerSecond * lines.fullShare,
      unit: 'a second',
      mend: split(plan, load.readsPerSecond / (costs.postgresReadsPerSecond * lines.fullShare)),
    },
  ];
  const disk: Limit = {
    name: 'a folder’s disk after a year',
    load: plan.files === 'folder' ? perYear : 0,
    capacity: lines.diskGigabytes,
    unit: 'GB',
    mend: setting('a bucket (STORAGE_URL=s3://…)', { ...plan, files: 'bucket' }),
  };
  return [...(isSqlite ? onlySqlite : onlyPostgres), disk];
}

const setting = (what: string, plan: Plan): Mend => ({ what, by: 'setting', plan });

function slotsIn(slots: number, slotsPerAccount: number): string {
  const accounts = Math.ceil(slots / slotsPerAccount);
  return `${slots} slots${accounts > 1 ? ` in ${accounts} accounts` : ' (KLING_CONCURRENCY)'}`;
}

/** A change that is made already cannot be made again: then the sellers are divided. */
function onceForAll(plan: Plan, overfull: number): Mend {
  const change = 'one admission for all accounts';
  if (plan.code.includes(change)) return split(plan, overfull);
  const what = 'let one transaction pass jobs to all accounts';
  return { what, by: 'code', plan: { ...plan, code: [...plan.code, change] } };
}

/** What no setting mends is halved, or more, by installations that know nothing of each other. */
function split(plan: Plan, overfull: number): Mend {
  const parts = Math.max(2, Math.ceil(overfull));
  const share = (whole: number) => Math.max(1, Math.ceil(whole / parts));
  const installations = plan.installations * parts;
  const { slots, webNodes, workerNodes } = plan;
  const nodes = { webNodes: share(webNodes), workerNodes: share(workerNodes) };
  return {
    what: `${installations} installations, each with its own database, sites and accounts`,
    by: 'division',
    plan: { ...plan, installations, slots: share(slots), ...nodes },
  };
}

const moreWorkers = (plan: Plan, nodes: number): Mend => {
  const workerNodes = Math.max(nodes, plan.workerNodes + 1);
  return setting(`${workerNodes} nodes with ROLES=worker`, { ...plan, workerNodes });
};

const moreWeb = (plan: Plan, nodes: number): Mend => {
  const webNodes = Math.max(nodes, plan.webNodes + 1);
  return setting(`${webNodes} nodes with ROLES=web`, { ...plan, webNodes });
};

const toPostgres = (plan: Plan): Mend =>
  setting('PostgreSQL (DATABASE_URL=postgres://…)', { ...plan, database: 'postgres' });

const toRedirect = (plan: Plan): Mend =>
  setting('clips straight from the bucket (reads=redirect)', { ...plan, files: 'bucket', clipReads: 'redirect' });

/** How full, 1 is the line. */
export const fullness = ({ load, capacity }: Limit): number => load / capacity;

/**
 * The limits in the order in which growing demand breaks them, each with the growth that does. Slots are bought along, or
 * nothing else would ever come to its limit; the rest of the plan stays as it is.
 */
export function breakingOrder(given: Case, most = 2_000): { limit: Limit; growth: number }[] {
  const at = (growth: number, index: number) => {
    const demand = { ...given.demand, sellersPerDay: given.demand.sellersPerDay * growth };
    const before = limitsOf({ ...given, demand });
    if (index === slotsAt) return before[slotsAt]!;
    const slots = Math.max(given.plan.slots, before[slotsAt]!.load);
    return limitsOf({ ...given, demand, plan: { ...given.plan, slots } })[index]!;
  };
  const order = limitsOf(given).map((_, index) => {
    if (fullness(at(most, index)) <= 1) return { limit: at(most, index), growth: Infinity };
    let [low, high] = [1e-3, most];
    while (high / low > 1.01) {
      const middle = Math.sqrt(low * high);
      if (fullness(at(middle, index)) > 1) high = middle;
      else low = middle;
    }
    return { limit: at(high, index), growth: high };
  });
  return order.toSorted((a, b) => a.growth - b.growth);
}

/** A change, and the limit that asked for it. */
export interface Step {
  limit: Limit;
  mend: Mend;
}

const mostSteps = 50;

/**
 * Changes what is broken, one thing after the other, until all is below its line: the slots first, because every queue
 * hangs on them, then what is fullest, and sellers are divided only when nothing else is left. Throws when it never ends.
 */
export function mended(given: Case): { plan: Plan; steps: Step[] } {
  const steps: Step[] = [];
  let { plan } = given;
  while (steps.length < mostSteps) {
    const limits = limitsOf({ ...given, plan });
    const broken = limits.filter((limit) => fullness(limit) > 1).toSorted((a, b) => fullness(b) - fullness(a));
    const isLast = ({ mend }: Limit) => mend.by === 'division';
    const next =
      broken.find((limit) => limit === limits[slotsAt]) ?? broken.find((limit) => !isLast(limit)) ?? broken[0];
    if (!next) return { plan, steps };
    steps.push({ limit: next, mend: next.mend });
    plan = next.mend.plan;
  }
  throw new Error(`no plan for this demand after ${mostSteps} changes`);
}
