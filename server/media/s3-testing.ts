/**
 * A real S3 server (s3rver) behind a gate. s3rver 3.7.1 believes every signature, hash and condition, fails at the second
 * page of a list (its tokens want a cipher that OpenSSL 3 has no more) and takes `bytes=0-0` for the whole object (seen
 * 2026-11-20). There the gate does what S3 does; and it is where a test lets things go wrong.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { S3Settings } from './s3.ts';
import { signatureFault } from './signature-testing.ts';

interface S3rver {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
type NewS3rver = new (settings: object) => S3rver;

const region = 'eu-test-1';
/** The one account that s3rver knows. */
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** What goes wrong with a request. */
export type Mishap =
  /** Refused with this status and code, before anything is done. */
  | { refuse: [status: number, code: string]; headers?: Record<string, string> }
  /** The connection is cut before anything is done, after it, or after so many bytes of the answer. */
  | { cut: 'before' | 'after' | number }
  /** No answer, ever. */
  | { hang: true }
  /** The body's first byte is another one when it arrives. */
  | { spoil: true };

export interface SeenCall {
  method: string;
  /** Without the bucket. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  status: number;
}

export async function startTestS3() {
  const folder = await mkdtemp(join(tmpdir(), 'kvc-s3-'));
  const S3rver = createRequire(import.meta.url)('s3rver') as NewS3rver;
  const configureBuckets = [{ name: 'covers' }];
  const s3rver = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder, configureBuckets });
  const { port: behind } = await s3rver.run();

  const calls: SeenCall[] = [];
  const mishaps: { method: string; mishap: Mishap }[] = [];
  const gate = { clockAheadMs: 0, ignoresConditions: false, hidesMissing: false };
  let last = Promise.resolve();

  const server = createServer((incoming, outgoing) => {
    incoming.on('error', () => {});
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '' } = incoming;
    const planned = mishaps.findIndex((one) => one.method === method);
    const mishap = planned < 0 ? undefined : mishaps.splice(planned, 1)[0]!.mishap;
    const address = new URL(url, `http://${host}`);
    const seen: SeenCall = {
      method,
      path: address.pathname.replace(/^\/covers\/?/, ''),
      query: address.searchParams,
      headers: incoming.headers,
      status: 0,
    };
    calls.push(seen);
    outgoing.on('finish', () => (seen.status = outgoing.statusCode));
    const refuse = (status: number, code: string, headers = {}) => {
      const date = new Date(Date.now() + gate.clockAheadMs).toUTCString();
      outgoing.writeHead(status, { 'content-type': 'application/xml', date, ...headers });
      const region_ = code === 'AuthorizationHeaderMalformed' ? `<Region>${region}</Region>` : '';
      const words = `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>as a test wants</Message>${region_}</Error>`;
      outgoing.end(method === 'HEAD' ? undefined : words);
    };

    if (mishap && 'hang' in mishap) return;
    if (mishap && 'cut' in mishap && mishap.cut === 'before') return void incoming.socket.destroy();
    if (mishap && 'refuse' in mishap) return refuse(...mishap.refuse, mishap.headers);
    const headers = Object.fromEntries(
      Object.entries({ ...incoming.headers, host }).map(([name, value]) => [name, String(value)]),
    );
    const key = { ...credentials, region };
    const fault = signatureFault({ method, target: url, headers }, key, Date.now() + gate.clockAheadMs);
    if (fault) return refuse(fault === 'AuthorizationHeaderMalformed' ? 400 : 403, fault);

    const path = join(folder, `.gate-${calls.length}`);
    const spoils = mishap !== undefined && 'spoil' in mishap;
    if (method === 'PUT' && (await received(incoming, path, spoils)) !== headers['x-amz-content-sha256'])
      return refuse(400, 'XAmzContentSHA256Mismatch');
    if (method === 'PUT' && address.pathname.split('/').length > 2) {
      // One after the other, so that of two conditional writes of one key the second sees the first.
      const turn = last.then(async () => {
        const isTaken = headers['if-none-match'] === '*' && (await ask('HEAD', address.pathname)).status === 200;
        if (isTaken && !gate.ignoresConditions) return refuse(412, 'PreconditionFailed');
        await forward({ method, url, headers, body: createReadStream(path), outgoing, mishap });
      });
      last = turn.catch(() => {});
      await turn;
      await rm(path);
    } else if (gate.hidesMissing && method === 'HEAD' && (await ask('HEAD', address.pathname)).status === 404) {
      refuse(403, 'AccessDenied');
    } else if (method === 'GET' && address.searchParams.has('list-type')) {
      await list(address, outgoing);
    } else {
      await forward({ method, url, headers, outgoing, mishap });
    }
  }

  /** A page of a list; its token is the last key of the page before. */
  async function list({ pathname, searchParams }: URL, outgoing: ServerResponse): Promise<void> {
    const query = new URLSearchParams({
      'list-type': '2',
      prefix: searchParams.get('prefix') ?? '',
      'start-after': Buffer.from(searchParams.get('continuation-token') ?? '', 'base64').toString(),
    });
    const { status, body } = await ask('GET', `${pathname}?${query}`);
    const objects = body.toString().match(/<Contents>.*?<\/Contents>/gs) ?? [];
    const page = objects.slice(0, Number(searchParams.get('max-keys') ?? 1000));
    const isTruncated = page.length < objects.length;
    const last = /<Key>(.*?)<\/Key>/.exec(page.at(-1) ?? '')?.[1] ?? '';
    const next = `<NextContinuationToken>${Buffer.from(last).toString('base64')}</NextContinuationToken>`;
    outgoing.writeHead(status, { 'content-type': 'application/xml' });
    outgoing.end(
      status === 200
        ? `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${isTruncated}</IsTruncated>` +
            `${page.join('')}${isTruncated ? next : ''}</ListBucketResult>`
        : body,
    );
  }

  interface Forward {
    method: string;
    url: string;
    headers: Record<string, string>;
    body?: NodeJS.ReadableStream;
    outgoing: ServerResponse;
    mishap: Mishap | undefined;
  }

  function forward({ method, url, headers, body, outgoing, mishap }: Forward): Promise<void> {
    return new Promise((resolve, reject) => {
      // Judged already; s3rver would measure the time by its own clock.
      const { authorization: _, 'x-amz-date': __, ...kept } = headers;
      const [path = '', query = ''] = url.split('?');
      const wanted = new URLSearchParams(query);
      const onward = request({ host: '127.0.0.1', port: behind, method, path, headers: kept }, (answer) => {
        const cut = mishap && 'cut' in mishap ? mishap.cut : undefined;
        if (cut === 'after') {
          outgoing.destroy();
          answer.resume();
          return resolve();
        }
        const isFirstByte = headers['range'] === 'bytes=0-0' && answer.statusCode === 206;
        const overrides = [...wanted].filter(([name]) => name.startsWith('response-'));
        const given = {
          ...answer.headers,
          ...(isFirstByte && onlyFirst(answer.headers)),
          ...Object.fromEntries(overrides.map(([name, value]) => [name.slice('response-'.length), value])),
        };
        outgoing.writeHead(answer.statusCode!, given as Record<string, string>);
        const through = [
          ...(isFirstByte ? [firstByte()] : []),
          ...(typeof cut === 'number' ? [cutter(cut)] : []),
          outgoing,
        ];
        pipeline([answer, ...through]).then(resolve, reject);
      });
      onward.on('error', reject);
      if (body) body.pipe(onward);
      else onward.end();
    });
  }

  /** Past the gate. */
  async function ask(method: string, path: string) {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: '127.0.0.1', port: behind, method, path }, resolve).on('error', reject).end();
    });
    return { status: answer.statusCode!, body: await buffer(answer) };
  }

  const settings: S3Settings = {
    bucket: 'covers',
    prefix: '',
    region,
    endpoint: `http://${host}`,
    addressing: 'path',
    reads: 'proxy',
    credentials,
  };

  return {
    settings,
    calls,
    gate,
    /** The next request with this method has it; several wait in line. */
    plan: (method: string, ...those: Mishap[]) => void mishaps.push(...those.map((mishap) => ({ method, mishap }))),
    /** Every key in the bucket, prefixes and all. */
    async keys(): Promise<string[]> {
      const { body } = await ask('GET', '/covers?list-type=2');
      return [...body.toString().matchAll(/<Key>([^<]+)</g)].map(([, key]) => key!);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await s3rver.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type TestS3 = Awaited<ReturnType<typeof startTestS3>>;

/** Into a file, so that tests of memory see nothing of it; answers the hash of what arrived. */
async function received(incoming: IncomingMessage, path: string, spoils: boolean): Promise<string> {
  const hash = createHash('sha256');
  let isFirst = spoils;
  const judged = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (isFirst) chunk[0] = chunk[0]! ^ 1;
      isFirst = false;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(incoming, judged, createWriteStream(path));
  return hash.digest('hex');
}

function cutter(afterBytes: number): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed > afterBytes) done(new Error('cut'));
      else done(null, chunk);
    },
  });
}

/** s3rver takes an end of 0 for none and answers with everything. */
const onlyFirst = (headers: IncomingMessage['headers']) => ({
  'content-length': '1',
  'content-range': headers['content-range']!.replace(/^bytes 0-\d+/, 'bytes 0-0'),
});
const firstByte = () => {
  let isDone = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, isDone ? undefined : chunk.subarray(0, 1));
      isDone = true;
    },
  });
};
