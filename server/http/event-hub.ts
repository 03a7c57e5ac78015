import type { ServerResponse } from 'node:http';
import type { ServerEvent } from '../contract.ts';
import { AppError } from '../errors.ts';
import type { Log, Runtime } from '../jobs/runtime.ts';
import type { Signal } from '../store/database.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Presenter } from './present.ts';

const heartbeatMs = 20_000;
/** Heartbeats go to a twentieth of the streams every second: thousands of writes in one go would hold the event loop up. */
const turns = 20;
const stillHere = Buffer.from(': still here\n\n');
const maxStreamsPerSeller = 6;
const maxUnsentBytes = 1024 * 1024;
/** Rows change a moment before their event is sent, and clocks of several servers differ. */
const resumeSlackMs = 60_000;
const catchUpPauseMs = 1_000;
const maxToldJobs = 1_000;
/** Clients of a server that stops come back within this time, not all at once. */
const comeBackMs = { from: 500, spread: 1_500 };
const farewells = 64;

interface Stream {
  outgoing: ServerResponse;
  lastBalance: number | undefined;
  expiresAtMs: number;
  /** In which turn it gets its heartbeat. */
  turn: number;
}

/**
 * One seller's open streams. Their reads run one after another, so no older state follows a newer one. Most sellers only
 * listen, so what telling needs is made when there is something to tell.
 */
interface Audience {
  streams: Stream[];
  /** Jobs that have changed; null while no telling is due. */
  changedJobs: Set<string> | null;
  tail: Promise<unknown>;
  /** What changed before this moment was told, whatever signals were lost since. */
  completeMs: number;
  /** In which version each job was last told. */
  told: Map<string, number> | null;
}

interface Listener {
  accountId: string;
  outgoing: ServerResponse;
  /** When the token ends, and the stream with it. */
  expiresAtMs: number;
  /** The newest change that the client has seen, in epoch milliseconds. */
  seenMs: number | undefined;
}

/**
 * Carries changes to the sellers who listen, whichever node made them: one read and one encoding per change, written to
 * the Node responses themselves (`facts/performance.md` section 6). After a gap in the signals, and after a read that
 * failed, the rows that have changed since are looked for until it is done.
 */
export function createEventHub(parts: { store: Store; present: Presenter; runtime: Runtime; log: Log }) {
  const { store, present, runtime, log } = parts;
  const audiences = new Map<string, Audience>();
  /** Sellers who may not have been told everything. */
  const behind = new Set<string>();
  let isCatchingUp = false;
  let isClosed = false;

  let turn = 0;
  let streamsJoined = 0;

  const heartbeat = setInterval(() => {
    const now = runtime.now();
    turn = (turn + 1) % turns;
    for (const { streams } of audiences.values())
      for (const stream of streams) {
        if (stream.expiresAtMs <= now) stream.outgoing.end();
        else if (stream.turn === turn) send(stream, stillHere);
      }
  }, heartbeatMs / turns).unref();

  function heard({ accountId, jobId }: Signal): void {
    const audience = audiences.get(accountId);
    if (!audience) return;
    const isDue = audience.changedJobs !== null;
    audience.changedJobs ??= new Set();
    if (jobId) audience.changedJobs.add(jobId);
    if (isDue) return;
    const telling = inTurn(audience, () => {
      const ids = [...(audience.changedJobs ?? [])];
      audience.changedJobs = null;
      return tellChanges(accountId, audience, ids);
    });
    void telling.then((isTold) => void (isTold || catchUp([accountId])));
  }

  const unsubscribe = store.signals.subscribe(heard, () => void catchUp(audiences.keys()));

  /** Answers whether the work was done; its faults go to the log. */
  function inTurn(audience: Audience, work: () => Promise<void>): Promise<boolean> {
    const done = audience.tail.then(work).then(
      () => true,
      (fault: unknown) => {
        log.warn({ err: fault }, 'an event could not be sent yet');
        return false;
      },
    );
    audience.tail = done;
    return done;
  }

  async function tellChanges(accountId: string, audience: Audience, ids: string[]): Promise<void> {
    const rows = await Promise.all(ids.map((id) => store.jobs.getOwn(accountId, id)));
    await tellJobs(
      audience,
      rows.filter((row) => row !== null),
    );
    await tellBalance(accountId, audience.streams);
  }

  async function tellJobs(audience: Audience, rows: JobRow[]): Promise<void> {
    if (rows.length === 0) return;
    write(audience.streams, await encodeJobs(rows));
    const told = (audience.told ??= new Map());
    if (told.size > maxToldJobs) told.clear();
    for (const { id, version } of rows) told.set(id, version);
  }

  async function tellMissed(accountId: string, audience: Audience): Promise<void> {
    const now = runtime.now();
    const rows = await store.jobs.changedSince(accountId, audience.completeMs - resumeSlackMs);
    await tellJobs(
      audience,
      rows.filter(({ id, version }) => audience.told?.get(id) !== version),
    );
    await tellBalance(accountId, audience.streams);
    audience.completeMs = now;
  }

  /** One seller after the other, so that many of them leave the database free for others. */
  async function catchUp(accountIds: Iterable<string>): Promise<void> {
    for (const accountId of accountIds) behind.add(accountId);
    if (isCatchingUp) return;
    isCatchingUp = true;
    for (const accountId of behind) {
      behind.delete(accountId);
      const audience = audiences.get(accountId);
      if (!audience || isClosed || (await inTurn(audience, () => tellMissed(accountId, audience)))) continue;
      behind.add(accountId);
      await new Promise((resolve) => setTimeout(resolve, catchUpPauseMs).unref());
    }
    isCatchingUp = false;
  }

  async function tellBalance(accountId: string, streams: readonly Stream[]): Promise<void> {
    const balance = (await store.accounts.get(accountId))?.balance ?? 0;
    const behind = streams.filter((stream) => stream.lastBalance !== balance);
    for (const stream of behind) stream.lastBalance = balance;
    write(behind, encode({ event: 'balance', data: { balance } }));
  }

  async function encodeJobs(rows: JobRow[]): Promise<string> {
    const jobs = await present.jobs(rows);
    return jobs.map((job, at) => encode({ event: 'job', data: { job } }, rows[at]!.updatedAt)).join('');
  }

  function joined(accountId: string, stream: Stream): Audience {
    const audience = audiences.get(accountId) ?? {
      streams: [],
      changedJobs: null,
      tail: Promise.resolve(),
      completeMs: runtime.now(),
      told: null,
    };
    audiences.set(accountId, audience);
    audience.streams.push(stream);
    if (audience.streams.length > maxStreamsPerSeller) audience.streams[0]!.outgoing.end();
    stream.outgoing.on('close', () => {
      audience.streams = audience.streams.filter((other) => other !== stream);
      if (audience.streams.length === 0 && audiences.get(accountId) === audience) audiences.delete(accountId);
    });
    return audience;
  }

  return {
    /**
     * Starts a stream on this response: the balance and the open jobs, or what changed since `seenMs`, then every change
     * until the second in which the token ends. A seller's seventh stream closes the oldest. One whose beginning cannot be read ends: its
     * client comes back. Throws `unavailable` after `close`.
     */
    attach({ accountId, outgoing, expiresAtMs, seenMs }: Listener): void {
      if (isClosed) throw new AppError('unavailable');
      outgoing.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
      flattenHead(outgoing);
      outgoing.write(': welcome\nretry: 2000\n\n');
      const stream: Stream = { outgoing, lastBalance: undefined, expiresAtMs, turn: streamsJoined++ % turns };
      const audience = joined(accountId, stream);
      const begun = inTurn(audience, async () => {
        await tellBalance(accountId, [stream]);
        const rows = await (seenMs === undefined
          ? store.jobs.open(accountId)
          : store.jobs.changedSince(accountId, seenMs - resumeSlackMs));
        write([stream], await encodeJobs(rows));
      });
      void begun.then((isBegun) => void (isBegun || outgoing.end()));
    },

    /** How many streams are open. */
    size: (): number => [...audiences.values()].reduce((sum, { streams }) => sum + streams.length, 0),

    /** Ends every stream, with a word on when to come back, and takes no new one. */
    close(): void {
      isClosed = true;
      clearInterval(heartbeat);
      unsubscribe();
      const words = Array.from({ length: farewells }, () => {
        const retryMs = Math.round(comeBackMs.from + comeBackMs.spread * runtime.random());
        return Buffer.from(`: stopping\nretry: ${retryMs}\n\n`);
      });
      let told = 0;
      for (const { streams } of audiences.values())
        for (const { outgoing } of streams) if (isOpen(outgoing)) outgoing.end(words[told++ % farewells]);
    },
  };
}

export type EventHub = ReturnType<typeof createEventHub>;

function encode({ event, data }: ServerEvent, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * Node 24 keeps a head as long as its stream, and V8 keeps it in the fifty pieces that it was put together from, a
 * kilobyte more than its letters, until one of them is read.
 */
function flattenHead(outgoing: ServerResponse & { _header?: string | null }): void {
  outgoing._header?.charCodeAt(0);
}

const isOpen = (outgoing: ServerResponse) => !outgoing.writableEnded && !outgoing.destroyed;

function write(streams: readonly Stream[], text: string): void {
  if (text === '') return;
  const bytes = Buffer.from(text);
  for (const stream of streams) send(stream, bytes);
}

/** A client that does not read is cut off: it comes back and resumes. */
function send({ outgoing }: Stream, bytes: Buffer): void {
  if (!isOpen(outgoing)) return;
  outgoing.write(bytes);
  if (outgoing.writableLength > maxUnsentBytes) outgoing.destroy();
}
