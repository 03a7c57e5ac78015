import type { Costs } from './costs.ts';
import type { Lines } from './limits.ts';
import type { Demand, Plan, Provider } from './model.ts';

/** Today, as we imagine it: nobody has told us numbers of the panel's sellers. */
export const assumedDemand: Demand = {
  sellersPerDay: 1_000,
  ordersPerSellerPerDay: 3,
  peakFactor: 3,
  onlineSellersShare: 0.2,
  streamsPerSeller: 1.2,
  uploadBytes: 4_000_000,
  clipBytes: 6_000_000,
  viewsPerClip: 4,
};

/**
 * A clip of five seconds took 50 s (live probe 2026-09-20..22), other notes say one to five minutes: a minute, and it
 * varies. The POST carries a megabyte of picture; a clip of 6 MB comes at some 50 Mbit/s.
 * Five seconds at 720p are 1.5 units of $0.14 (price page, `facts/kling-and-kie.md` section 1.15).
 */
export const assumedProvider: Provider = {
  taskSeconds: 60,
  taskVariation: 0.25,
  submitSeconds: 2,
  downloadSeconds: 1.5,
  pollIntervalMs: 10_000,
  dollarsPerClip: 0.21,
};

/** One machine as the operating guide sets it up, with the settings as they are shipped. Kling's standard pack has 20 slots. */
export const shippedPlan: Plan = {
  installations: 1,
  slots: 5,
  slotsPerAccount: 20,
  webNodes: 1,
  workerNodes: 1,
  database: 'sqlite',
  files: 'folder',
  clipReads: 'through',
  code: [],
};

/** One gigabit a second, a disk of a terabyte, and the promises of `facts/performance.md`. */
export const assumedLines: Lines = {
  p95WaitSeconds: 60,
  fullSlotsShare: 0.85,
  fullShare: 0.6,
  longestStallMs: 50,
  connectionsPerNode: 10_000,
  networkMegabytesPerSecond: 125,
  diskGigabytes: 1_000,
  sqliteGigabytes: 50,
};

/** Of the last runs on two shared cores (2026-11-20); `npm run scale` measures the times anew. */
export const knownCosts: Costs = {
  transactionsPerClip: 7,
  signalsPerClip: 5,
  roundsPerClip: 3,
  databaseBytesPerClip: 5_000,
  cpuMsPerClip: 16,
  roundMs: 0.1,
  pictureMs: 450,
  heldRowUs: 0.7,
  queuedRowUs: 1.4,
  streamWriteUs: 17,
  bytesPerStream: 12_000,
  sqlitePerSecond: 700,
  postgresFlushMs: 2,
  postgresPerSecond: 1_100,
  postgresReadsPerSecond: 20_000,
  readsPerClip: 21,
  readsPerSignal: 3,
  readsPerRound: 2.5,
  inspectMs: 86,
};
