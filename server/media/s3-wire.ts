import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { request, type Dispatcher } from 'undici';
import { errorOf } from './s3-answers.ts';
import { refused, S3Error, unreached } from './s3-error.ts';
import { createS3Signer, type S3Credentials, type S3Place } from './s3-signer.ts';

export interface S3WireSettings {
  place: S3Place;
  credentials: S3Credentials;
  dispatcher: Dispatcher;
  /** The longest silence of the store, before its answer and within. */
  timeoutMs: number;
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  /** How often a request is sent at most; 5. */
  attempts?: number;
  /** Lets time pass between two attempts. */
  pause?: (ms: number) => Promise<unknown>;
}

export interface S3Call {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Without the prefix; left out: the bucket itself. */
  key?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** Opened anew for each attempt. */
  body?: { bytes: number; sha256: string; open(): Readable };
}

export interface S3Answer {
  status: number;
  header(name: string): string | undefined;
  /** Must be read or destroyed. */
  body: Readable & { text(): Promise<string>; dump(): Promise<void> };
}

const firstPauseMs = 200;
const longestPauseMs = 10_000;
/** A store that hangs is given up after the second silence, not the fifth: somebody waits. */
const patienceMs = 45_000;
/** 409 is a conflict of two writers, to be tried again (API_PutObject, read 2026-11-20). */
const passing = [408, 409, 429, 500, 502, 503, 504];
/** Among those that come with status 400. */
const passingCodes = ['RequestTimeout', 'XAmzContentSHA256Mismatch', 'BadDigest', 'IncompleteBody'];
const isSkewed = (code: string) => code === 'RequestTimeTooSkewed';

type Outcome = { answer: S3Answer | null } | { fault: S3Error; mayPass: boolean; askedMs: number };

/**
 * Speaks to one bucket: every request signed, repeated with growing pauses where a repeat may help (`SlowDown`, faults of
 * the store, no answer). All our requests may be repeated; a PUT that had arrived is then told by a 412.
 */
export function createS3Wire(settings: S3WireSettings) {
  const { place, credentials, dispatcher, timeoutMs, now, random, attempts = 5, pause = wait } = settings;
  let skewMs = 0;
  const signer = createS3Signer({ place, credentials, now: () => now() + skewMs });

  async function ask(call: S3Call): Promise<S3Answer> {
    const { url, headers } = await signer.sign(call, call.body?.sha256);
    try {
      const answer = await request(url, {
        method: call.method,
        headers: { ...headers, ...(call.body && { 'content-length': String(call.body.bytes) }) },
        body: call.body && call.body.bytes > 0 ? call.body.open() : null,
        dispatcher,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const { statusCode: status, body } = answer;
      return { status, body, header: (name) => answer.headers[name]?.toString() };
    } catch (fault) {
      throw unreached(place.endpoint, fault);
    }
  }

  async function attempt(call: S3Call): Promise<Outcome> {
    const answer = await ask(call).catch((fault: S3Error) => fault);
    if (answer instanceof S3Error) return { fault: answer, mayPass: true, askedMs: 0 };
    const { status, header } = answer;
    if ((status >= 200 && status < 300) || status === 412) return { answer };
    const { code, message, region } = errorOf(await answer.body.text().catch(() => ''));
    if (status === 404 && code !== 'NoSuchBucket') return { answer: null };
    const { bucket, endpoint } = place;
    return {
      fault: refused({ status, code, message, region, method: call.method, bucket, endpoint }),
      mayPass: passing.includes(status) || passingCodes.includes(code) || (isSkewed(code) && learnTime(header('date'))),
      askedMs: Number(header('retry-after') ?? 0) * 1000 || 0,
    };
  }

  /** A clock that is off is allowed for from now on; true when that was new. */
  function learnTime(theirs = ''): boolean {
    const newSkewMs = Date.parse(theirs) - now();
    const isNew = Math.abs(newSkewMs - skewMs) > 60_000;
    if (isNew) skewMs = newSkewMs;
    return isNew;
  }

  return {
    /** Answers with 2xx or 412; null for an object that is not there. Throws `S3Error` for everything else. */
    async send(call: S3Call): Promise<S3Answer | null> {
      const startedAt = now();
      for (let made = 1; ; made++) {
        const outcome = await attempt(call);
        if ('answer' in outcome) return outcome.answer;
        const { fault, mayPass, askedMs } = outcome;
        if (!mayPass || made === attempts || now() - startedAt > patienceMs) throw fault;
        const growingMs = firstPauseMs * 2 ** (made - 1) * (0.5 + random() / 2);
        await pause(Math.min(Math.max(askedMs, growingMs), longestPauseMs));
      }
    },
    /** The store's time, as far as it has told. */
    now: () => now() + skewMs,
  };
}

export type S3Wire = ReturnType<typeof createS3Wire>;
