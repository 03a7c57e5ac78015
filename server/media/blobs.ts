import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';

export interface BlobFacts {
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Each chunk is used before the next one is asked for, and not later. */
export type Source = Readable | AsyncIterable<Uint8Array>;

/** Inclusive byte positions, as in RFC 9110 section 14. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Where pictures and clips are kept. A key is written once and never overwritten; an object is either whole and
 * durable or absent.
 */
export interface BlobStore {
  /**
   * Streams `source` in, hashing on the way, and answers only when the object would survive a power cut.
   * Throws `AppError('upload_too_large')` past `maxBytes`; whatever `source` throws is thrown on. Nothing is left behind then.
   * Throws when the key exists.
   */
  put(key: string, source: Source, limits: { maxBytes: number }): Promise<BlobFacts>;
  /**
   * As `put`, but `check` is lent the whole object as a local file while nobody can see it under its key yet; what it
   * throws is thrown on, and nothing is left behind then either.
   */
  putChecked<T>(
    key: string,
    source: Source,
    terms: { maxBytes: number; check: (path: string) => Promise<T> },
  ): Promise<{ facts: BlobFacts; checked: T }>;
  /** Null when there is no such object. */
  stat(key: string): Promise<{ bytes: number } | null>;
  /** Null when there is no such object. `range` must lie inside the object. */
  read(key: string, range?: ByteRange): Promise<Readable | null>;
  /** Lends the object as a local file for as long as `use` runs. Throws `AppError('not_found')` when there is no such object. */
  withFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T>;
  /** Every object with the time it was put, in no order; objects put or removed meanwhile may or may not be among them. */
  list(): AsyncIterable<{ key: string; putAtMs: number }>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
  /** Proves that the store can be written and read now; throws what stands in the way. */
  check(): Promise<void>;
  /** How browsers may fetch clips without us in between. Left out: everything is read through us. */
  direct?: DirectReads;
}

export interface DirectReads {
  /** Where the addresses lead, for the Content-Security-Policy of pages that show clips. */
  origin: string;
  /**
   * An address that opens this object alone, for at least `seconds` and at most a quarter of an hour more; it stays the
   * same for a while, so that browsers keep what they have. Nobody looks whether the object is there.
   */
  address(key: string, reading: { seconds: number; contentType: string; disposition?: string }): Promise<string>;
}

/** Objects of sellers lie under their account's id, a UUID; nothing else that a store may hold does (`lost+found`, leftovers of checks). */
export const isSellers = (folder: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(folder);

const keyPattern = /^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*\.[a-z0-9]{2,5}$/;

export const isKey = (key: string): boolean => key.length <= 300 && keyPattern.test(key);

/** The one gate every key passes: lower-case words, slashes, one extension; no dots, no traversal. Throws `AppError('not_found')`. */
export function checkKey(key: string): string {
  if (!isKey(key)) throw new AppError('not_found');
  return key;
}
