/**
 * What one thing costs us. Counts come from the real core (`measure.ts`) and are the same on every machine; times are of
 * two shared cores and are measured again by `npm run scale` (`time-costs.ts`).
 */
export interface Costs {
  /** Without looks, doors and the claim of what is finished: the order, a claim, intent, acceptance, news, file, done. */
  transactionsPerClip: number;
  /** Changes of its own that are told to all nodes: ordered, let through, accepted, finished there, here. */
  signalsPerClip: number;
  /** Rounds that a clip's own changes cause. A worker that does not wait for its steps, as ours here does, makes up to twice as many. */
  roundsPerClip: number;
  /** Reads outside of transactions, without those of rounds. */
  readsPerClip: number;
  /** A change that is told to a seller who listens. */
  readsPerSignal: number;
  readsPerRound: number;
  /** Rows, indexes and timeline. */
  databaseBytesPerClip: number;
  /** Processor time of the core for a clip, its events and files included, pictures not. */
  cpuMsPerClip: number;
  /** An idle worker's round. */
  roundMs: number;
  /** A picture is cut by one thread of a process, one picture at a time. */
  pictureMs: number;
  /** An upload is decoded whole before it is believed, one at a time. */
  inspectMs: number;
  /** Each look of a door reads every task that is held. */
  heldRowUs: number;
  /** The fair order of the queue reads every job that waits. */
  queuedRowUs: number;
  /** One event to one open stream. */
  streamWriteUs: number;
  /** An open stream with its socket (`facts/performance.md` section 6: 12 kB). */
  bytesPerStream: number;
  /** Orders that SQLite takes in a second when many come at once. */
  sqlitePerSecond: number;
  /** PostgreSQL flushes each transaction that tells something alone: two milliseconds on a cloud disk. */
  postgresFlushMs: number;
  /** Six round trips each at a millisecond (`facts/performance.md` section 2: 1,100). */
  postgresPerSecond: number;
  /** Indexed reads that one PostgreSQL answers; assumed. */
  postgresReadsPerSecond: number;
}
