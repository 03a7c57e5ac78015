import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline, Transform, type Readable } from 'node:stream';
import { pipeline as pipelineEnd } from 'node:stream/promises';
import { AppError } from '../errors.ts';
import type { BlobFacts, ByteRange } from './blobs.ts';
import { S3Error, unreached } from './s3-error.ts';
import type { S3Answer, S3Wire } from './s3-wire.ts';
import { isFull } from './write-hashed.ts';

const looks = 4;
const firstPauseMs = 250;

interface ObjectParts {
  wire: S3Wire;
  endpoint: string;
  pause(ms: number): Promise<unknown>;
}

/** What can be done with one object of a bucket. Keys are taken as they are; everything throws `S3Error`. */
export function createS3Objects({ wire, endpoint, pause }: ObjectParts) {
  async function head(key: string) {
    const answer = await wire.send({ method: 'HEAD', key });
    await answer?.body.dump();
    return answer && { bytes: bytesOf(answer), putId: answer.header('x-amz-meta-put-id') };
  }

  async function read(key: string, range?: ByteRange): Promise<Readable | null> {
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

  return {
    /** Null when there is no such object. */
    head,

    /**
     * Sends a file that has been hashed. Whoever's mark the object carries has put it: that also settles what a lost
     * answer leaves open, where the repeat is refused because of our own object, and a store that overwrites without a
     * word. Throws `EEXIST` when the object is another's.
     */
    async publish(key: string, path: string, { bytes, sha256 }: BlobFacts): Promise<void> {
      const putId = randomUUID();
      const headers = { 'if-none-match': '*', 'x-amz-meta-sha256': sha256, 'x-amz-meta-put-id': putId };
      const body = { bytes, sha256, open: () => createReadStream(path) };
      const answer = await wire.send({ method: 'PUT', key, headers, body });
      await answer?.body.dump();
      for (let look = 1; ; look++) {
        const kept = await head(key);
        if (kept?.putId === putId && kept.bytes === bytes) return;
        if (kept) throw Object.assign(new Error(`blob ${key} exists`), { code: 'EEXIST' });
        if (look === looks) throw new S3Error(`${endpoint} does not have what it has just taken`);
        await pause(firstPauseMs * 2 ** look);
      }
    },

    /**
     * Null when there is no such object; `RangeError` for a range that does not lie inside. A whole object is judged by
     * its hash before its last bytes are given out.
     */
    read,

    /** Into a file; a download that breaks is begun anew. Throws `AppError('not_found')` when there is no such object. */
    async download(key: string, path: string): Promise<void> {
      for (let made = 1; ; made++) {
        const body = await read(key);
        if (!body) throw new AppError('not_found');
        try {
          return await pipelineEnd(body, createWriteStream(path));
        } catch (fault) {
          if (isFull(fault)) throw fault;
          if (made === looks) throw fault instanceof S3Error ? fault : unreached(endpoint, fault);
          await pause(firstPauseMs * 2 ** made);
        }
      }
    },

    async remove(key: string): Promise<void> {
      const answer = await wire.send({ method: 'DELETE', key });
      await answer?.body.dump();
    },
  };
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

const bytesOf = (answer: S3Answer): number => Number(answer.header('content-length'));
const outside = ({ start, end }: ByteRange) => new RangeError(`bytes ${start}-${end} are not inside the object`);
