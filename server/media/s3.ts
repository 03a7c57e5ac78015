import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable, Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline as pipelineEnd } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { AppError } from '../errors.ts';
import { checkKey, isKey, type BlobFacts, type BlobStore, type ByteRange, type DirectReads } from './blobs.ts';
import { pageOf } from './s3-answers.ts';
import { S3Error, unreached } from './s3-error.ts';
import { createS3Signer, originOf, type S3Credentials, type S3Place } from './s3-signer.ts';
import { createS3Wire, type S3Answer } from './s3-wire.ts';
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

/** Direct addresses of one quarter of an hour are the same. */
const directStepMs = 15 * 60_000;
const looks = 4;

/**
 * A blob store in a bucket of S3 or of anything that speaks it. An object is first written to a local temporary file, so
 * that one request can carry its length and hash (the store refuses other bytes) and `If-None-Match: *` (nothing is
 * overwritten), and may be repeated; a broken source has then sent nothing, and no half upload can be left. Memory does
 * not grow with the object. A store that cannot be reached or refuses us is `unavailable`; `check` and `list` throw the
 * `S3Error` itself.
 */
export async function createS3Blobs(settings: S3Settings, surroundings: S3Surroundings = {}): Promise<BlobStore> {
  const { timeoutMs = 30_000, now = Date.now, random = Math.random, pause = wait, pageSize = 1000 } = surroundings;
  const { dispatcher = new Agent({ allowH2: false, connect: { timeout: 10_000 } }) } = surroundings;
  const { credentials, reads, publicEndpoint, ...place } = settings;
  const wire = createS3Wire({ place, credentials, dispatcher, timeoutMs, now, random, pause });
  let keepsFirst = false;
  await removeSpoolLeftovers();

  async function head(key: string) {
    const answer = await wire.send({ method: 'HEAD', key });
    await answer?.body.dump();
    return answer && { bytes: bytesOf(answer), putId: answer.header('x-amz-meta-put-id') };
  }

  /**
   * Whoever's mark the object carries has put it. That also settles what a lost answer leaves open, where the repeat is
   * refused because of our own object, and a store that overwrites without a word.
   */
  async function publish(key: string, path: string, { bytes, sha256 }: BlobFacts): Promise<void> {
    const putId = randomUUID();
    const headers = { 'if-none-match': '*', 'x-amz-meta-sha256': sha256, 'x-amz-meta-put-id': putId };
    const body = { bytes, sha256, open: () => createReadStream(path) };
    const answer = await wire.send({ method: 'PUT', key, headers, body });
    await answer?.body.dump();
    for (let look = 1; ; look++) {
      const kept = await head(key);
      if (kept?.putId === putId && kept.bytes === bytes) return;
      if (kept) throw Object.assign(new Error(`blob ${key} exists`), { code: 'EEXIST' });
      if (look === looks) throw new S3Error(`${place.endpoint} does not have what it has just taken`);
      await pause(250 * 2 ** look);
    }
  }

  async function fetchObject(key: string, range?: ByteRange): Promise<Readable | null> {
    if (range && !(range.start >= 0 && range.start <= range.end)) throw outside(range);
    const headers = range && { range: `bytes=${range.start}-${range.end}` };
    const answer = await wire.send({ method: 'GET', key, ...(headers && { headers }) }).catch((fault: unknown) => {
      throw range && fault instanceof S3Error && fault.status === 416 ? outside(range) : fault;
    });
    if (!answer) return null;
    if (range && !answer.header('content-range')?.startsWith(`bytes ${range.start}-${range.end}/`)) {
      answer.body.on('error', () => {}).destroy();
      throw outside(range);
    }
    const sha256 = range ? undefined : answer.header('x-amz-meta-sha256');
    return sha256 === undefined ? answer.body : pipeline(answer.body, unspoiled(sha256, key), () => {});
  }

  /** A download that breaks is begun anew. */
  async function fetchFile(key: string, path: string): Promise<void> {
    for (let made = 1; ; made++) {
      const body = await fetchObject(key);
      if (!body) throw new AppError('not_found');
      try {
        return await pipelineEnd(body, createWriteStream(path));
      } catch (fault) {
        if (isFull(fault)) throw fault;
        if (made === looks) throw fault instanceof S3Error ? fault : unreached(place.endpoint, fault);
        await pause(250 * 2 ** made);
      }
    }
  }

  function directReads(): DirectReads {
    const publicPlace = { ...place, endpoint: publicEndpoint ?? place.endpoint };
    const signer = createS3Signer({ place: publicPlace, credentials, now: wire.now });
    return {
      origin: originOf(publicPlace),
      address(key, { seconds, contentType, disposition }) {
        const query = {
          'response-content-type': contentType,
          'response-cache-control': `private, max-age=${seconds}`,
          ...(disposition !== undefined && { 'response-content-disposition': disposition }),
        };
        const fromMs = Math.floor(wire.now() / directStepMs) * directStepMs;
        return signer.presign(checkKey(key), { query, fromMs, seconds: seconds + directStepMs / 1000 });
      },
    };
  }

  const store: BlobStore = {
    async put(key, source, { maxBytes }) {
      checkKey(key);
      return orUnavailable(
        withSpool(async (path) => {
          const facts = await writeFile(path, source, maxBytes);
          await publish(key, path, facts);
          return facts;
        }),
      );
    },
    async stat(key) {
      const found = await orUnavailable(head(checkKey(key)));
      return found && { bytes: found.bytes };
    },
    async read(key, range) {
      return orUnavailable(fetchObject(checkKey(key), range));
    },
    async withFile(key, use) {
      checkKey(key);
      return withSpool(async (path) => {
        await orUnavailable(fetchFile(key, path));
        return use(path);
      });
    },
    async *list() {
      const inFront = place.prefix ? `${place.prefix}/` : '';
      let token: string | null = '';
      do {
        const query = {
          'list-type': '2',
          'max-keys': String(pageSize),
          ...(inFront && { prefix: inFront }),
          ...(token && { 'continuation-token': token }),
        };
        const answer: S3Answer | null = await wire.send({ method: 'GET', query });
        const page = pageOf((await answer?.body.text()) ?? '');
        for (const { key: whole, putAtMs } of page.objects) {
          const key = whole.slice(inFront.length);
          if (isKey(key)) yield { key, putAtMs };
        }
        token = page.next;
      } while (token);
    },
    async remove(key) {
      const answer = await orUnavailable(wire.send({ method: 'DELETE', key: checkKey(key) }));
      await answer?.body.dump();
    },
    async check() {
      const name = () => `checks/${randomUUID()}.txt`;
      const key = name();
      const putOnce = () => store.put(key, Readable.from([Buffer.from(key)]), { maxBytes: key.length });
      try {
        await putOnce();
        const body = await fetchObject(key);
        if (!body || (await buffer(body)).toString() !== key) throw new S3Error('What was written does not come back');
        keepsFirst ||= await putOnce().then(() => false, isTaken);
        if (!keepsFirst)
          throw new S3Error('The store overwrites objects: it must know conditional writes (If-None-Match)');
        // Without the right to list, S3 does not say that an object is missing.
        if ((await head(name())) !== null) throw new S3Error('The store has what nobody put there');
      } catch (fault) {
        throw fault instanceof AppError && fault.cause instanceof S3Error ? fault.cause : fault;
      } finally {
        await store.remove(key).catch(() => {});
      }
    },
  };
  return reads === 'redirect' ? { ...store, direct: directReads() } : store;
}

async function writeFile(path: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<BlobFacts> {
  const handle = await open(path, 'wx');
  try {
    return await writeHashed(handle, source, maxBytes);
  } finally {
    await handle.close();
  }
}

/** Passes bytes on and holds the last back until all are known to be those that were put. */
function unspoiled(sha256: string, key: string): Transform {
  const hash = createHash('sha256');
  let held: Uint8Array | undefined;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk);
      if (held) this.push(held);
      held = chunk;
      done();
    },
    flush(done) {
      if (hash.digest('hex') === sha256) done(null, held);
      else done(new S3Error(`The store has ${key} with other bytes than were put`));
    },
  });
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

const bytesOf = (answer: S3Answer): number => Number(answer.header('content-length'));
const outside = ({ start, end }: ByteRange) => new RangeError(`bytes ${start}-${end} are not inside the object`);
