import type { ServerResponse } from 'node:http';
import type { ServerEvent } from '../contract.ts';
import { AppError } from '../errors.ts';
import type { Log, Runtime } from '../jobs/runtime.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Presenter } from './present.ts';

const heartbeatMs = 20_000;
const maxStreamsPerSeller = 6;
const maxUnsentBytes = 1024 * 1024;
/** Rows change a moment before their event is sent, and clocks of several servers differ. */
const resumeSlackMs = 60_000;
const longestTimerMs = 2 ** 31 - 1;

interface Stream {
  outgoing: ServerResponse;
  lastBalance: number | undefined;
  closing: NodeJS.Timeout;
}

/** One seller's open streams. Their reads run one after another, so no older state follows a newer one. */
interface Audience {
  streams: Set<Stream>;
  changedJobs: Set<string>;
  isDue: boolean;
  tail: Promise<void>;
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
 * Carries changes to the sellers who listen: one read and one encoding per change, written to the Node responses
 * themselves (`facts/performance.md` section 6).
 */
export function createEventHub(parts: { store: Store; present: Presenter; runtime: Runtime; log: Log }) {
  const { store, present, runtime, log } = parts;
  const audiences = new Map<string, Audience>();
  let isClosed = false;

  const heartbeat = setInterval(() => {
    for (const { streams } of audiences.values()) write(streams, ': still here\n\n');
  }, heartbeatMs).unref();

  const unsubscribe = store.signals.subscribe(({ accountId, jobId }) => {
    const audience = audiences.get(accountId);
    if (!audience) return;
    if (jobId) audience.changedJobs.add(jobId);
    if (audience.isDue) return;
    audience.isDue = true;
    inTurn(audience, () => {
      audience.isDue = false;
      return tellChanges(accountId, audience);
    });
  });

  function inTurn(audience: Audience, work: () => Promise<void>): void {
    audience.tail = audience.tail.then(work).catch((fault: unknown) => {
      // The widget polls too, so a lost event only costs time.
      log.error({ err: fault }, 'an event could not be sent');
    });
  }

  async function tellChanges(accountId: string, { streams, changedJobs }: Audience): Promise<void> {
    const ids = [...changedJobs];
    changedJobs.clear();
    const rows = await Promise.all(ids.map((id) => store.jobs.getOwn(accountId, id)));
    write(streams, await encodeJobs(rows.filter((row) => row !== null)));
    await tellBalance(accountId, streams);
  }

  async function tellBalance(accountId: string, streams: Iterable<Stream>): Promise<void> {
    const balance = (await store.accounts.get(accountId))?.balance ?? 0;
    const behind = [...streams].filter((stream) => stream.lastBalance !== balance);
    for (const stream of behind) stream.lastBalance = balance;
    write(behind, encode({ event: 'balance', data: { balance } }));
  }

  async function encodeJobs(rows: JobRow[]): Promise<string> {
    const jobs = await present.jobs(rows);
    return jobs.map((job, at) => encode({ event: 'job', data: { job } }, rows[at]!.updatedAt)).join('');
  }

  function joined(accountId: string, stream: Stream): Audience {
    const audience = audiences.get(accountId) ?? {
      streams: new Set(),
      changedJobs: new Set(),
      isDue: false,
      tail: Promise.resolve(),
    };
    audiences.set(accountId, audience);
    audience.streams.add(stream);
    if (audience.streams.size > maxStreamsPerSeller) audience.streams.values().next().value!.outgoing.end();
    stream.outgoing.once('close', () => {
      clearTimeout(stream.closing);
      audience.streams.delete(stream);
      if (audience.streams.size === 0 && audiences.get(accountId) === audience) audiences.delete(accountId);
    });
    return audience;
  }

  return {
    /**
     * Starts a stream on this response: the balance and the open jobs, or what changed since `seenMs`, then every change
     * until the token ends. A seller's seventh stream closes the oldest. Throws `unavailable` after `close`.
     */
    attach({ accountId, outgoing, expiresAtMs, seenMs }: Listener): void {
      if (isClosed) throw new AppError('unavailable');
      outgoing.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
      outgoing.write(': welcome\nretry: 2000\n\n');
      const openMs = Math.min(longestTimerMs, Math.max(0, expiresAtMs - runtime.now()));
      const closing = setTimeout(() => outgoing.end(), openMs).unref();
      const stream: Stream = { outgoing, lastBalance: undefined, closing };
      const audience = joined(accountId, stream);
      inTurn(audience, async () => {
        await tellBalance(accountId, [stream]);
        const rows = await (seenMs === undefined
          ? store.jobs.open(accountId)
          : store.jobs.changedSince(accountId, seenMs - resumeSlackMs));
        write([stream], await encodeJobs(rows));
      });
    },

    /** How many streams are open. */
    size: (): number => [...audiences.values()].reduce((sum, { streams }) => sum + streams.size, 0),

    /** Ends every stream and takes no new one. */
    close(): void {
      isClosed = true;
      clearInterval(heartbeat);
      unsubscribe();
      for (const { streams } of audiences.values()) for (const { outgoing } of streams) outgoing.end();
    },
  };
}

export type EventHub = ReturnType<typeof createEventHub>;

function encode({ event, data }: ServerEvent, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A client that does not read is cut off: it comes back and resumes. */
function write(streams: Iterable<Stream>, text: string): void {
  if (text === '') return;
  const bytes = Buffer.from(text);
  for (const { outgoing } of streams) {
    if (outgoing.writableEnded || outgoing.destroyed) continue;
    outgoing.write(bytes);
    if (outgoing.writableLength > maxUnsentBytes) outgoing.destroy();
  }
}
