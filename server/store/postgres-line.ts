import pg from 'pg';
import type { Signal } from './database.ts';
import { createLocalSignals, type LocalSignals } from './local-signals.ts';

const channel = 'kling_video_cover';
/** A payload must be shorter than 8,000 bytes (PostgreSQL 18 manual, NOTIFY; read 2026-11-20). */
const maxPayloadBytes = 7_900;
const connectTimeoutMs = 5_000;
const answerTimeoutMs = 5_000;
const usualBeatMs = 10_000;
/** How often listeners are told, while the line is down, that they may have missed something. */
const gapMs = 2_000;
const firstPauseMs = 250;
const longestPauseMs = 10_000;
/** A dead connection does not say goodbye. */
const farewellMs = 1_000;

interface LineOptions {
  /** A connection of its own for as long as it lasts: a pooler between must not take it away after a transaction. */
  url: string;
  onFault: (fault: unknown) => void;
  /** How often it is asked whether the line still lives. */
  beatMs?: number;
}

/** Runs one statement; on a pool, or in a transaction that carries it at its commit. */
export type Ask = (statement: string, values: string[]) => Promise<unknown>;

/** Tells every node that listens, itself included; inside a transaction once it is committed. Asks all at once. */
export async function notify(ask: Ask, signals: readonly Signal[]): Promise<void> {
  await Promise.all(payloadsOf(signals).map((payload) => ask('select pg_notify($1, $2)', [channel, payload])));
}

/** A line for each signal, `account` or `account job`, each once. Ids only, so that a payload holds many. */
export function payloadsOf(signals: readonly Signal[]): string[] {
  const lines = new Set(signals.map(({ accountId, jobId }) => (jobId ? `${accountId} ${jobId}` : accountId)));
  const payloads: string[] = [];
  for (const line of lines) {
    const longer = payloads.length > 0 && `${payloads.at(-1)}\n${line}`;
    if (longer && Buffer.byteLength(longer) < maxPayloadBytes) payloads[payloads.length - 1] = longer;
    else payloads.push(line);
  }
  return payloads;
}

/** Whatever somebody else may have sent there gives ids of nothing, and hurts nobody. */
function signalsIn(payload: string): Signal[] {
  return payload.split('\n').map((line) => {
    const [accountId = '', jobId] = line.split(' ');
    return { accountId, ...(jobId && { jobId }) };
  });
}

/**
 * Listens to what all nodes tell. A line that is lost, or gives no answer, is opened again with growing waits; until
 * then, and once more when it is up, listeners hear of a gap. Rejects when it cannot be opened at first.
 */
export async function openLine({ url, onFault, beatMs = usualBeatMs }: LineOptions) {
  const local: Omit<LocalSignals, 'publish'> = createLocalSignals(onFault);
  const closing = new AbortController();
  let client: pg.Client | undefined;
  let pauseMs = firstPauseMs;
  let gap: NodeJS.Timeout | undefined;

  /** Never resolves: rejects when the line is lost. */
  async function attend(onUp: () => void): Promise<never> {
    const own = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: answerTimeoutMs,
    });
    client = own;
    const lost = new Promise<never>((_, reject) => {
      own.on('error', reject);
      own.once('end', () => reject(new Error('the line between the nodes was cut')));
    });
    own.on('notification', ({ payload = '' }) => local.deliver(signalsIn(payload)));
    try {
      await Promise.race([own.connect(), lost]);
      await Promise.race([own.query(`listen ${channel}`), lost]);
      onUp();
      for (;;) {
        await Promise.race([pause(beatMs, closing.signal), lost]);
        // Half of a dead connection looks alive; only an answer proves it.
        await Promise.race([own.query('select 1'), lost]);
      }
    } finally {
      lost.catch(() => {});
      own.end().catch(() => {});
    }
  }

  function isUp(): void {
    pauseMs = firstPauseMs;
    if (!gap) return;
    clearInterval(gap);
    gap = undefined;
    local.tellGap();
  }

  function isLost(fault: unknown): void {
    if (closing.signal.aborted) return;
    onFault(fault);
    if (gap) return;
    gap = setInterval(local.tellGap, gapMs).unref();
    local.tellGap();
  }

  async function keepUp(attending: Promise<never>): Promise<void> {
    await attending.catch(isLost);
    while (!closing.signal.aborted) {
      await pause(pauseMs * (0.75 + Math.random() / 2), closing.signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      if (!closing.signal.aborted) await attend(isUp).catch(isLost);
    }
  }

  const first = Promise.withResolvers<void>();
  const attending = attend(first.resolve);
  attending.catch(first.reject);
  await first.promise;
  const ended = keepUp(attending);

  return {
    deliver: local.deliver,
    subscribe: local.subscribe,
    async close(): Promise<void> {
      closing.abort();
      clearInterval(gap);
      const enough = new AbortController();
      await Promise.race([client?.end().catch(() => {}), pause(farewellMs, enough.signal)]);
      enough.abort();
      await ended;
    },
  };
}

/** Ends early, without a fault, when told to. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    }
    stop.addEventListener('abort', end);
    if (stop.aborted) end();
  });
}
