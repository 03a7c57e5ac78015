import { knownCosts, shippedPlan } from './assumptions.ts';
import { waitOf, type Wait } from './erlang.ts';
import { measureDay, type Measured } from './measure.ts';
import { loadOf, slotTime, trafficOf, type Demand, type Load, type Provider } from './model.ts';
import { drawDay, seen, variationOf, waitsOnPaper, type SeenWait } from './orders.ts';

/** A small size at which model and core are held against each other. */
export interface Trial {
  seed: number;
  orders: number;
  slots: number;
  accounts: number;
  /** Share of the slots that is to be busy. */
  utilisation: number;
  /** See `orders.ts`. */
  phases: number;
  /** An idle worker's looks are counted too, which takes ten times as long and changes no wait. */
  countsIdleRounds: boolean;
  /** Orders of the long run on paper. */
  longOrders: number;
}

export interface Compared {
  trial: Trial;
  model: Wait;
  /** Another, much longer day on paper. */
  longRun: SeenWait;
  measured: Measured;
  load: Load;
}

/** A minute at the provider and a look every ten seconds, as shipped; our own steps take no time in these runs. */
const taskSeconds = 60;
const pollMs = 10_000;
const sellers = 40;
const idleMs = 500;

/** Lives one trial through the model, a long run on paper and the real core. */
export async function compare(trial: Trial): Promise<Compared> {
  const { slots, utilisation, phases, accounts, orders, countsIdleRounds } = trial;
  const provider: Provider = {
    taskSeconds,
    taskVariation: variationOf(phases),
    submitSeconds: 0,
    downloadSeconds: 0,
    dollarsPerClip: 0,
    pollIntervalMs: pollMs,
  };
  const arrivalsPerSecond = (utilisation * slots) / slotTime(provider).slotSeconds;
  const demand = demandOf(arrivalsPerSecond);
  const drawn = { seed: trial.seed, orders, arrivalsPerSecond, taskSeconds, phases };
  const long = drawDay({ ...drawn, orders: trial.longOrders });
  const plan = { ...shippedPlan, slots, slotsPerAccount: slots / accounts };
  return {
    trial,
    model: waitOf(trafficOf(demand, provider, slots)),
    longRun: seen(long, waitsOnPaper(long, { slots, pollMs, expectedMs: taskSeconds * 1_000 })),
    measured: await measureDay({ ...drawn, slots, accounts, pollMs, sellers, idleMs: countsIdleRounds ? idleMs : 0 }),
    load: loadOf(demand, provider, plan, knownCosts),
  };
}

/** Steady orders, each seller with one stream. */
const demandOf = (arrivalsPerSecond: number): Demand => ({
  sellersPerDay: arrivalsPerSecond * 86_400,
  ordersPerSellerPerDay: 1,
  peakFactor: 1,
  onlineSellersShare: 0,
  streamsPerSeller: 1,
  uploadBytes: 0,
  clipBytes: 0,
  viewsPerClip: 0,
});

/** Something for a clip, as the model has it and as it was counted. */
export interface CountedFigure {
  name: string;
  model: number;
  measured: number;
}

/** What a clip costs in calls, transactions, reads and signals. Only for trials that count idle rounds. */
export function countsOf({ load, measured }: Compared): CountedFigure[] {
  const { perClip } = measured;
  const aClip = (perSecond: number) => perSecond / load.clipsPerSecond;
  return [
    { name: 'provider calls', model: aClip(load.providerCallsPerSecond), measured: perClip.submits + perClip.looks },
    { name: 'transactions', model: aClip(load.transactionsPerSecond), measured: perClip.transactions },
    { name: 'reads', model: aClip(load.readsPerSecond), measured: perClip.reads },
    { name: 'rounds of the worker', model: aClip(load.roundsPerSecond), measured: perClip.rounds },
    { name: 'signals', model: aClip(load.signalsPerSecond), measured: perClip.signals },
    { name: 'events to streams', model: aClip(load.streamWritesPerSecondPerNode), measured: perClip.streamWrites },
  ];
}

/** How many of the core's starts are at another millisecond than on paper. */
export const otherStarts = ({ waitsMs, paperWaitsMs }: Measured): number =>
  waitsMs.filter((ms, index) => ms !== paperWaitsMs[index]).length;
