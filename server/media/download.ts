import { Readable } from 'node:stream';
import { Agent, request, type Dispatcher } from 'undici';
import { AddressRefused, createPublicAgent, systemLookup, type Lookup } from './download-agent.ts';
import { createPace, createStop, type Pace, type Stop } from './download-limits.ts';
import { createHostRules, type AllowedPlace } from './download-hosts.ts';

export interface DownloadSettings {
  /** See `createHostRules`. */
  allowedHosts: string[];
  maxBytes: number;
  /** For everything: lookup, connection, redirects, body. */
  timeoutMs: number;
  /** A remote side slower than this for `patienceMs` is given up; time the consumer takes does not count. */
  minBytesPerSecond?: number;
  patienceMs?: number;
  lookup?: Lookup;
}

/**
 * What became of one download. `reason` is a few words without any part of the URL.
 * - `ok`: the body came to its end and was consumed.
 * - `gone`: 403, 404 or 410: this URL will not work again, a fresh one may.
 * - `blocked`: our own rules stand in the way (host, address, redirects, `too large`): trying again does not help, the
 *   operator may.
 * - `unclear`: anything else; trying again may help.
 */
export type DownloadOutcome<T> =
  | { outcome: 'ok'; value: T; bytes: number }
  | { outcome: 'gone'; status: number }
  | { outcome: 'blocked'; reason: string }
  | { outcome: 'unclear'; reason: string };

/**
 * Fetches a hostile URL. `consume` gets the body, which fails when the remote side does; it must read to the end. What it throws by
 * itself is thrown on; no fault of the remote side is thrown. `signal` ends it as `unclear`.
 */
export type Download = <T>(
  url: string,
  consume: (body: Readable) => Promise<T>,
  signal?: AbortSignal,
) => Promise<DownloadOutcome<T>>;

type Failure = Exclude<DownloadOutcome<never>, { outcome: 'ok' }>;

const maxRedirects = 2;
const goneStatuses = [403, 404, 410];
const redirectStatuses = [301, 302, 303, 307, 308];
/** No credentials, ever; no compression either, so that lengths are those of the file. */
const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'kling-video-cover' };

/** A downloader for URLs that come from outside. Each connection is used once and closed. */
export function createDownloader(settings: DownloadSettings): Download {
  const { maxBytes, timeoutMs, minBytesPerSecond = 10_000, patienceMs = 10_000, lookup = systemLookup } = settings;
  const checkHost = createHostRules(settings.allowedHosts);

  async function open(address: string, stop: Stop): Promise<Answer | Failure> {
    let at = address;
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const place = checkHost(at);
      if (typeof place === 'string') return { outcome: 'blocked', reason: place };
      const answer = await ask(place, { lookup, stop });
      if ('outcome' in answer) return answer;
      const failure = judge(answer, maxBytes);
      if (failure === null) return answer;
      await answer.agent.destroy();
      if ('outcome' in failure) return failure;
      at = URL.parse(failure.redirect, place.url)?.href ?? '';
    }
    return { outcome: 'blocked', reason: 'redirects' };
  }

  return async (url, consume, signal) => {
    const stop = createStop(timeoutMs, signal);
    try {
      const answer = await open(url, stop);
      if ('outcome' in answer) return answer;
      try {
        const pace = createPace({ minBytesPerSecond, patienceMs, onSlow: () => stop.end('too slow') });
        return await deliver({ answer, consume, maxBytes, stop, pace });
      } finally {
        await answer.agent.destroy();
      }
    } finally {
      stop.clear();
    }
  };
}

interface Answer {
  agent: Agent;
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  body: Readable;
}

async function ask({ url, isNamed }: AllowedPlace, within: { lookup: Lookup; stop: Stop }): Promise<Answer | Failure> {
  const agent = isNamed ? new Agent() : createPublicAgent(within.lookup);
  try {
    const response = await request(url, { dispatcher: agent, headers, signal: within.stop.signal });
    // Destroying the agent fails a body that nobody reads any more.
    response.body.on('error', () => {});
    return { agent, status: response.statusCode, headers: response.headers, body: response.body };
  } catch (error) {
    await agent.destroy();
    if (error instanceof AddressRefused) return { outcome: 'blocked', reason: 'address' };
    return { outcome: 'unclear', reason: within.stop.reason() ?? connectionFault(error) };
  }
}

/** Null when the body is worth reading. */
function judge({ status, headers: given }: Answer, maxBytes: number): Failure | { redirect: string } | null {
  if (goneStatuses.includes(status)) return { outcome: 'gone', status };
  if (redirectStatuses.includes(status) && typeof given.location === 'string') return { redirect: given.location };
  if (status !== 200) return { outcome: 'unclear', reason: `HTTP ${status}` };
  if ((given['content-encoding'] ?? 'identity') !== 'identity') return { outcome: 'unclear', reason: 'encoded' };
  return Number(given['content-length'] ?? 0) > maxBytes ? { outcome: 'blocked', reason: 'too large' } : null;
}

interface Delivery<T> {
  answer: Answer;
  consume: (body: Readable) => Promise<T>;
  maxBytes: number;
  stop: Stop;
  pace: Pace;
}

async function deliver<T>({ answer, consume, maxBytes, stop, pace }: Delivery<T>): Promise<DownloadOutcome<T>> {
  const expectedBytes = answer.headers['content-length'];
  let bytes = 0;
  let isWhole = false;
  // Set by the remote side's faults alone: what `consume` throws into the body passes the `yield`, outside the `try`.
  let failure: Failure | null = null;
  const fail = (reason: Failure) => {
    failure = reason;
    return new Error('the download failed');
  };

  async function* metered(): AsyncGenerator<Buffer> {
    const chunks = answer.body[Symbol.asyncIterator]();
    for (;;) {
      let next: IteratorResult<Buffer>;
      try {
        next = await pace.wait(chunks.next());
      } catch {
        throw fail({ outcome: 'unclear', reason: stop.reason() ?? 'truncated' });
      }
      if (next.done) break;
      bytes += next.value.length;
      if (bytes > maxBytes) throw fail({ outcome: 'blocked', reason: 'too large' });
      pace.earn(next.value.length);
      yield next.value;
    }
    if (expectedBytes !== undefined && Number(expectedBytes) !== bytes)
      throw fail({ outcome: 'unclear', reason: 'truncated' });
    isWhole = true;
  }

  const body = Readable.from(metered(), { objectMode: false });
  body.on('error', () => {});
  try {
    const value = await consume(body);
    return (
      failure ?? (isWhole ? { outcome: 'ok', value, bytes } : { outcome: 'unclear', reason: 'not read to its end' })
    );
  } catch (error) {
    if (failure) return failure;
    throw error;
  } finally {
    body.destroy();
  }
}

/** A short code such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`; messages may hold host names. */
function connectionFault(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : 'connection';
}
