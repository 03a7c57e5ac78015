import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { AppError } from '../errors.ts';
import { checkKey, isKey, type BlobFacts, type BlobStore, type Source } from './blobs.ts';
import { pageOf } from './s3-answers.ts';
import { createDirectReads } from './s3-direct.ts';
import { S3Error } from './s3-error.ts';
import { createS3Objects } from './s3-objects.ts';
import type { S3Credentials, S3Place } from './s3-signer.ts';
import { createS3Wire, type S3Wire } from './s3-wire.ts';
import { removeSpoolLeftovers, withSpool } from './spool.ts';
import { isFull, writeHashed } from './write-hashed.ts';

export interface S3Settings extends S3Place {
  credentials: S3Credentials;
  /** `redirect`: browsers fetch clips from the bucket itself. */
  reads: 'proxy' | 'redirect';
  /** Where browsers reach the store, when it is not `endpoint`. */
  publicEndpoint?: string | undefined;
}

export interface S3Surroundings {
  dispatcher?: Dispatcher;
  /** The longest silence of the store; 30 seconds. */
  timeoutMs?: number;
  now?: () => number;
  random?: () => number;
  pause?: (ms: number) => Promise<unknown>;
  /** Objects in a page of a list; 1000, the most there are. */
  pageSize?: number;
}

/** Monitors look often, and every look costs five requests. */
const proofMs = 15_000;

/**
 * A blob store in a bucket of S3 or of anything that speaks it. An object is first written to a local temporary file, so
 * that one request can carry its length and hash (the store refuses other bytes) and `If-None-Match: *` (nothing is
 * overwritten), and may be repeated; a broken source has then sent nothing, and no half upload can be left. Memory does
 * not grow with the object. A store that cannot be reached or refuses us is `unavailable`; `check` and `list` throw the
 * `S3Error` itself, and a check that went well holds for 15 seconds.
 */
export async function createS3Blobs(settings: S3Settings, surroundings: S3Surroundings = {}): Promise<BlobStore> {
  const { timeoutMs = 30_000, now = Date.now, random = Math.random, pause = wait, pageSize = 1000 } = surroundings;
  const { dispatcher = new Agent({ allowH2: false, connect: { timeout: 10_000 } }) } = surroundings;
  const { credentials, reads, publicEndpoint, ...place } = settings;
  const { endpoint } = place;
  const wireSettings = { place, credentials, dispatcher, timeoutMs, now, random, pause };
  const wire = createS3Wire(wireSettings);
  const objects = createS3Objects({ wire, endpoint, pause });
  /** For a check: who looks at it waits for the answer. */
  const impatient = createS3Objects({ wire: createS3Wire({ ...wireSettings, attempts: 2 }), endpoint, pause });
  let keepsFirst = false;
  let provenUntilMs = 0;
  await removeSpoolLeftovers();

  async function putInto<T>(into: typeof objects, key: string, { source, maxBytes, check }: Checked<T>) {
    return withSpool(async (path) => {
      const facts = await writeFile(path, source, maxBytes);
      const checked = await check(path);
      await into.publish(key, path, facts);
      return { facts, checked };
    });
  }

  async function proveAll(): Promise<void> {
    const name = () => `checks/${randomUUID()}.txt`;
    const key = name();
    const source = () => Readable.from([Buffer.from(key)]);
    const putOnce = () => putInto(impatient, key, { source: source(), maxBytes: key.length, check: unchecked });
    try {
      await putOnce();
      const body = await impatient.read(key);
      if (!body || (await buffer(body)).toString() !== key) throw new S3Error('What was written does not come back');
      keepsFirst ||= await putOnce().then(() => false, isTaken);
      if (!keepsFirst)
        throw new S3Error('The store overwrites objects: it must know conditional writes (If-None-Match)');
      // Without the right to list, S3 does not say that an object is missing.
      if ((await impatient.head(name())) !== null) throw new S3Error('The store has what nobody put there');
    } finally {
      await impatient.remove(key).catch(() => {});
    }
  }

  const store: BlobStore = {
    async put(key, source, { maxBytes }) {
      return (await store.putChecked(key, source, { maxBytes, check: unchecked })).facts;
    },
    async putChecked(key, source, terms) {
      return orUnavailable(putInto(objects, checkKey(key), { source, ...terms }));
    },
    async stat(key) {
      const found = await orUnavailable(objects.head(checkKey(key)));
      return found && { bytes: found.bytes };
    },
    async read(key, range) {
      return orUnavailable(objects.read(checkKey(key), range));
    },
    async withFile(key, use) {
      checkKey(key);
      return withSpool(async (path) => {
        await orUnavailable(objects.download(key, path));
        return use(path);
      });
    },
    list: () => listed(wire, place.prefix && `${place.prefix}/`, pageSize),
    async remove(key) {
      await orUnavailable(objects.remove(checkKey(key)));
    },
    async check() {
      if (now() < provenUntilMs) return;
      await proveAll();
      provenUntilMs = now() + proofMs;
    },
  };
  if (reads === 'proxy') return store;
  const publicPlace = { ...place, endpoint: publicEndpoint ?? place.endpoint };
  return { ...store, direct: createDirectReads({ place: publicPlace, credentials, now: wire.now }) };
}

async function* listed(wire: S3Wire, inFront: string, pageSize: number): ReturnType<BlobStore['list']> {
  let token: string | null = '';
  do {
    const query = {
      'list-type': '2',
      'max-keys': String(pageSize),
      ...(inFront && { prefix: inFront }),
      ...(token && { 'continuation-token': token }),
    };
    const answer = await wire.send({ method: 'GET', query });
    const page = pageOf((await answer?.body.text()) ?? '');
    for (const { key: whole, putAtMs } of page.objects) {
      const key = whole.slice(inFront.length);
      if (isKey(key)) yield { key, putAtMs };
    }
    token = page.next;
  } while (token);
}

interface Checked<T> {
  source: Source;
  maxBytes: number;
  check: (path: string) => Promise<T>;
}

const unchecked = async () => {};

async function writeFile(path: string, source: Source, maxBytes: number): Promise<BlobFacts> {
  const handle = await open(path, 'wx');
  try {
    return await writeHashed(handle, source, maxBytes);
  } finally {
    await handle.close();
  }
}

/** The store's trouble and a full disk are nobody's fault who asks; what others throw is thrown on. */
async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (fault) {
    throw fault instanceof S3Error || isFull(fault) ? new AppError('unavailable', {}, fault) : fault;
  }
}

function isTaken(fault: unknown): true {
  if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return true;
  throw fault;
}
