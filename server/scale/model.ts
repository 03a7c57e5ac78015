import { nextLookMs, nextLooks } from '../jobs/job.ts';
import { idleShare, offeredErlangs, waitOf, type Traffic, type Wait } from './erlang.ts';
import type { Costs } from './costs.ts';

/** What the sellers do. All of it is an assumption of whoever plans; `assumed` is ours. */
export interface Demand {
  /** Sellers who come on a day. */
  sellersPerDay: number;
  ordersPerSellerPerDay: number;
  /** Orders in the busiest hour divided by those of an average hour. */
  peakFactor: number;
  /** Of the day's sellers, how many have a page with the widget open in the busiest hour. */
  onlineSellersShare: number;
  /** Pages of one seller share a connection; several devices do not. */
  streamsPerSeller: number;
  uploadBytes: number;
  clipBytes: number;
  /** Whole clips that are read per clip made, by sellers and by those who got a link. */
  viewsPerClip: number;
}

/** What a clip asks of the world outside. */
export interface Provider {
  /** From the POST to the finished task. */
  taskSeconds: number;
  /** Standard deviation of that divided by its mean. */
  taskVariation: number;
  /** From the claim to the provider's answer, the picture's preparation included. */
  submitSeconds: number;
  downloadSeconds: number;
  pollIntervalMs: number;
  dollarsPerClip: number;
}

/** What is changed when something breaks and no setting helps: names of changes to the code that are not made yet. */
export type CodeChange = 'one admission for all accounts';

/** What was bought and set. */
export interface Plan {
  /** Servers with a database, accounts and sites of their own; the sellers are divided evenly. The rest is of one of them. */
  installations: number;
  /** Kling's slots over all accounts. */
  slots: number;
  slotsPerAccount: number;
  /** Nodes that serve sellers, and nodes that carry jobs; one process does both while both are 1. */
  webNodes: number;
  workerNodes: number;
  database: 'sqlite' | 'postgres';
  files: 'folder' | 'bucket';
  /** Whether clips are read through the server or straight from the bucket (`reads=redirect`). */
  clipReads: 'through' | 'redirect';
  code: readonly CodeChange[];
}

/** The load of one installation in the busiest hour; a month has 30 days without their peaks. */
export interface Load {
  clipsPerSecond: number;
  accounts: number;
  traffic: Traffic;
  wait: Wait;
  /** By how many jobs the queue grows in an hour in which more comes than goes. */
  backlogPerHour: number;
  providerCallsPerSecond: number;
  /** Rounds of each worker. */
  roundsPerSecond: number;
  transactionsPerSecond: number;
  /** Of these, the ones that tell other nodes something. */
  tellingPerSecond: number;
  /** Rows of held tasks that doors read, at the node whose round it is. */
  doorRowsPerSecond: number;
  /** Reads outside of transactions, of all nodes. */
  readsPerSecond: number;
  signalsPerSecond: number;
  streams: number;
  streamsPerNode: number;
  streamWritesPerSecondPerNode: number;
  streamMegabytesPerNode: number;
  uploadMegabytesPerSecond: number;
  mediaMegabytesPerSecond: number;
  mediaGigabytesPerMonth: number;
  databaseGigabytesPerMonth: number;
  clipsPerMonth: number;
  providerDollarsPerMonth: number;
}

const daySeconds = 86_400;
const monthDays = 30;
const idleRoundsPerSecond = 2;
/** Of rounds that news wakes in vain (`loop.ts`). */
const vainRoundsPerSecond = 10;
const heartbeatSeconds = 20;
const placesTold = 100;

/** Where the wait is infinite, the queue is as long as an hour of it makes it. */
const finite = (value: number, otherwise: number) => (Number.isFinite(value) ? value : otherwise);

/** Orders for the slots of all accounts as one pool: a job goes to whichever account is free. */
export function trafficOf(demand: Demand, provider: Provider, slots: number): Traffic {
  const { sellersPerDay, ordersPerSellerPerDay, peakFactor } = demand;
  const arrivalsPerSecond = (sellersPerDay * ordersPerSellerPerDay * peakFactor) / daySeconds;
  return { slots, arrivalsPerSecond, ...slotTime(provider) };
}

/**
 * A slot is held from the claim until the look that finds the task finished; looks come at fixed moments, so that costs
 * half an interval on average, evenly spread.
 */
export function slotTime(provider: Provider): { slotSeconds: number; variation: number } {
  const pollSeconds = lookSeconds(provider);
  const slotSeconds = provider.submitSeconds + provider.taskSeconds + pollSeconds / 2;
  const variance = (provider.taskSeconds * provider.taskVariation) ** 2 + pollSeconds ** 2 / 12;
  return { slotSeconds, variation: Math.sqrt(variance) / slotSeconds };
}

/** Between two looks at a task that takes as long as most. */
function lookSeconds({ taskSeconds, pollIntervalMs }: Provider): number {
  return nextLookMs(taskSeconds * 1_000, nextLooks(0, pollIntervalMs)) / 1_000;
}

/** Everything that the busiest hour asks of this plan. */
export function loadOf(wholeDemand: Demand, provider: Provider, plan: Plan, costs: Costs): Load {
  const demand = { ...wholeDemand, sellersPerDay: wholeDemand.sellersPerDay / plan.installations };
  const traffic = trafficOf(demand, provider, plan.slots);
  const clipsPerSecond = traffic.arrivalsPerSecond;
  const wait = waitOf(traffic);
  const accounts = Math.ceil(plan.slots / plan.slotsPerAccount);
  const backlogPerHour = Math.max(0, clipsPerSecond - plan.slots / traffic.slotSeconds) * 3_600;
  const queue = finite(wait.queueLength, backlogPerHour);
  const pollsPerSecond = 1 / lookSeconds(provider);
  const looksPerSecond = accounts * busyShare(traffic, accounts) * pollsPerSecond;
  const findsPerSecond = pollsPerSecond * (1 - Math.exp(-clipsPerSecond / pollsPerSecond));
  // Every change wakes every worker; one of them finds something to do.
  const ownRoundsPerSecond = (costs.roundsPerClip * clipsPerSecond) / plan.workerNodes;
  const vainPerSecond = Math.min(vainRoundsPerSecond, ownRoundsPerSecond * (plan.workerNodes - 1));
  const roundsPerSecond = idleRoundsPerSecond + ownRoundsPerSecond + vainPerSecond;
  const isQueuedShare = Math.min(1, wait.share * wait.utilisation);
  const admissionsPerSecond = Math.min(clipsPerSecond, roundsPerSecond * plan.workerNodes);
  // A round in which somebody waits counts the tasks of all accounts; so does the one after each order.
  const doorsPerSecond = admissionsPerSecond + isQueuedShare * roundsPerSecond * plan.workerNodes;
  const newsPerSecond = accounts * pollsPerSecond * (1 - Math.exp(-clipsPerSecond / accounts / pollsPerSecond));
  const isOneForAll = plan.code.includes('one admission for all accounts');
  const held = Math.min(plan.slots, offeredErlangs(traffic));
  const openAccounts = isOneForAll ? 1 : Math.min(accounts, 1 + accounts * Math.max(0, 1 - wait.utilisation));
  const placesPerSecond = admissionsPerSecond * Math.min(placesTold, queue);
  const streams = demand.sellersPerDay * demand.onlineSellersShare * demand.streamsPerSeller;
  const eventsPerSecond = clipsPerSecond * (costs.signalsPerClip + 1) + placesPerSecond;
  const clipsPerMonth = demand.sellersPerDay * demand.ordersPerSellerPerDay * monthDays;
  return {
    clipsPerSecond,
    accounts,
    traffic,
    wait,
    backlogPerHour,
    providerCallsPerSecond: looksPerSecond + clipsPerSecond,
    roundsPerSecond,
    // A look notes when the next one is, and in another transaction what is new; one claim finds all that finished since
    // the last one. An order passes each account that has room.
    transactionsPerSecond:
      clipsPerSecond * (costs.transactionsPerClip + openAccounts) + looksPerSecond + newsPerSecond + findsPerSecond,
    tellingPerSecond: clipsPerSecond * costs.signalsPerClip + admissionsPerSecond * isQueuedShare,
    // The door counts for all accounts at once, and again under the lock of each that has room.
    doorRowsPerSecond: ((doorsPerSecond + admissionsPerSecond * openAccounts) / plan.workerNodes) * held,
    // With several accounts each round asks which of them are paused.
    readsPerSecond:
      clipsPerSecond * costs.readsPerClip +
      placesPerSecond * costs.readsPerSignal +
      roundsPerSecond * plan.workerNodes * (costs.readsPerRound + (accounts > 1 ? 1 : 0)) +
      doorsPerSecond,
    signalsPerSecond: clipsPerSecond * costs.signalsPerClip + placesPerSecond,
    streams,
    streamsPerNode: streams / plan.webNodes,
    streamWritesPerSecondPerNode:
      (eventsPerSecond * demand.streamsPerSeller + streams / heartbeatSeconds) / plan.webNodes,
    streamMegabytesPerNode: (streams * costs.bytesPerStream) / plan.webNodes / 1e6,
    uploadMegabytesPerSecond: (clipsPerSecond * demand.uploadBytes) / 1e6,
    mediaMegabytesPerSecond: (clipsPerSecond * demand.viewsPerClip * demand.clipBytes) / 1e6,
    mediaGigabytesPerMonth: (clipsPerMonth * (demand.uploadBytes + demand.clipBytes)) / 1e9,
    databaseGigabytesPerMonth: (clipsPerMonth * costs.databaseBytesPerClip) / 1e9,
    clipsPerMonth,
    providerDollarsPerMonth: clipsPerMonth * provider.dollarsPerClip,
  };
}

/** The share of looks at which an account holds anything; all jobs of an account share the moments of its looks. */
function busyShare(traffic: Traffic, accounts: number): number {
  const slots = traffic.slots / accounts;
  return 1 - idleShare(Math.max(1, Math.round(slots)), offeredErlangs(traffic) / accounts);
}
