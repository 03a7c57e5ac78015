import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { AppError } from '../errors.ts';
import type { BlobStore } from '../media/blobs.ts';
import type { MediaGrant } from '../media/media-token.ts';
import { parseRange } from '../media/range.ts';
import type { HttpEnv } from './env.ts';
import { embeddable } from './front-door.ts';

interface Sending {
  blobs: BlobStore;
  grant: MediaGrant;
  /** Of the whole object. */
  bytes: number;
  cacheControl: string;
  /** Offered as a file to save. */
  isDownload: boolean;
  /** Called when somebody begins to read from the start. */
  onRead(): void;
}

/** How long an address of the bucket opens at least: long enough to come back to a clip after a pause. */
const directSeconds = 15 * 60;

/**
 * Answers with an object of the blob store: whole, one range, not changed (RFC 9110). Where the store allows it, whoever
 * asks for a clip is sent to the bucket instead; pictures are small and go through us, so that `img-src` of pages needs
 * nobody but us. Throws `not_found` when it is gone.
 */
export async function sendObject(c: Context<HttpEnv>, sending: Sending): Promise<Response> {
  const { blobs, grant, bytes, cacheControl, isDownload, onRead } = sending;
  const etag = etagOf(grant.key);
  const headers: Record<string, string> = {
    ...embeddable,
    'content-type': grant.contentType,
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': cacheControl,
    'accept-ranges': 'bytes',
    etag,
  };
  if (isDownload) headers['content-disposition'] = attachment(grant);
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);

  // A range of something else than the caller has begun with would be joined to it (RFC 9110 section 13.1.5).
  const isSame = (c.req.header('if-range') ?? etag) === etag;
  const range = parseRange(isSame ? c.req.header('range') : undefined, bytes);
  if (range === 'unsatisfiable')
    return c.body(null, 416, { ...headers, 'content-range': `bytes */${bytes}`, 'content-length': '0' });
  const part = range === 'whole' ? { start: 0, end: bytes - 1 } : range;
  const status = range === 'whole' ? 200 : 206;
  headers['content-length'] = String(part.end - part.start + 1);
  if (range !== 'whole') headers['content-range'] = `bytes ${part.start}-${part.end}/${bytes}`;
  if (c.req.method === 'HEAD') return c.body(null, status, headers);

  if (blobs.direct && grant.contentType.startsWith('video/')) {
    if (isFromStart(part)) onRead();
    const disposition = isDownload && { disposition: attachment(grant) };
    const reading = { seconds: directSeconds, contentType: grant.contentType, ...disposition };
    const location = await blobs.direct.address(grant.key, reading);
    for (const [name, value] of Object.entries(embeddable)) c.header(name, value);
    // Kept by nobody for long: it must lead to an address that still opens.
    c.header('cache-control', 'private, max-age=60');
    return c.redirect(location, 302);
  }
  const body = await blobs.read(grant.key, range === 'whole' ? undefined : range);
  if (!body) throw new AppError('not_found');
  if (isFromStart(part)) onRead();
  c.env.outgoing.writeHead(status, headers);
  await send(body, c.env.outgoing);
  return RESPONSE_ALREADY_SENT;
}

/** Safari asks for the first two bytes before it reads a clip; that is not a look yet. */
const isFromStart = ({ start, end }: { start: number; end: number }): boolean => start === 0 && end > 1;

const clientLeft = ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE', 'ECONNRESET'];

/** With back-pressure; whoever of the two breaks first ends the other. */
async function send(body: Readable, outgoing: ServerResponse): Promise<void> {
  try {
    await pipeline(body, outgoing);
  } catch (fault) {
    if (!clientLeft.includes((fault as NodeJS.ErrnoException).code ?? '')) throw fault;
  } finally {
    // A client that left before the first byte makes the pipeline refuse, and then the body is still open.
    body.destroy();
  }
}

/** A key is written once, so it names the bytes. */
function etagOf(key: string): string {
  return `"${createHash('sha256').update(key).digest('base64url').slice(0, 22)}"`;
}

/** RFC 6266 with both forms of the name: plain for the old, RFC 8187 for every other character. */
function attachment({ key, fileName = basename(key) }: MediaGrant): string {
  const plain = fileName.replaceAll(/[^\w.-]/g, '_').slice(-100);
  const full = encodeURIComponent(fileName.slice(-100).toWellFormed()).replaceAll(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
}
