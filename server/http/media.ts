import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createRoute, z } from '@hono/zod-openapi';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';
import type { MediaGrant } from '../media/media-token.ts';
import { parseRange } from '../media/range.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { embeddable } from './front-door.ts';
import { problemAnswer } from './problem.ts';
import { createReadCounter } from './read-counter.ts';

const cacheSeconds = [3600, 600, 60];
const binary = { schema: { type: 'string', format: 'binary' } } as const;

const mediaRoute = createRoute({
  method: 'get',
  path: '/media/{token}',
  summary: 'A picture or clip; the signed token opens this one object for a while',
  request: {
    params: z.object({ token: z.string() }),
    query: z.object({ download: z.string().optional().openapi({ description: '1 offers it as a file to save' }) }),
  },
  responses: {
    200: { description: 'The whole object', content: { 'video/mp4': binary, 'image/*': binary } },
    206: { description: 'One range of it', content: { 'video/mp4': binary, 'image/*': binary } },
    304: { description: 'Not changed' },
    416: { description: 'No such range' },
    ...problemAnswer,
  },
});

/** `GET` and `HEAD /media/:token`. A forged, an expired and an empty token answer like a missing object: `not_found`. */
export function addMediaRoute(app: HttpRoutes, { blobs, secrets, runtime, store, log }: MediaParts): void {
  const { mediaTokens } = secrets;
  const reads = createReadCounter({ store, runtime, log });

  /** The longest of a few times for which the token will still be good. */
  function cacheControl(token: string): string {
    const now = runtime.now();
    const seconds = cacheSeconds.find((later) => mediaTokens.verify(token, now + later * 1000)) ?? 0;
    return `private, max-age=${seconds}`;
  }

  app.openapi(mediaRoute, async (c) => {
    const { token } = c.req.valid('param');
    const grant = mediaTokens.verify(token, runtime.now());
    const object = grant && (await blobs.stat(grant.key));
    if (!grant || !object) throw new AppError('not_found');

    const etag = etagOf(grant.key);
    const headers: Record<string, string> = {
      ...embeddable,
      'content-type': grant.contentType,
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': cacheControl(token),
      'accept-ranges': 'bytes',
      etag,
    };
    if (c.req.valid('query').download === '1') headers['content-disposition'] = attachment(grant);
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);

    // A range of something else than the caller has begun with would be joined to it (RFC 9110 section 13.1.5).
    const isSame = (c.req.header('if-range') ?? etag) === etag;
    const range = parseRange(isSame ? c.req.header('range') : undefined, object.bytes);
    if (range === 'unsatisfiable')
      return c.body(null, 416, { ...headers, 'content-range': `bytes */${object.bytes}`, 'content-length': '0' });
    const part = range === 'whole' ? { start: 0, end: object.bytes - 1 } : range;
    const status = range === 'whole' ? 200 : 206;
    headers['content-length'] = String(part.end - part.start + 1);
    if (range !== 'whole') headers['content-range'] = `bytes ${part.start}-${part.end}/${object.bytes}`;
    if (c.req.method === 'HEAD') return c.body(null, status, headers);

    const body = await blobs.read(grant.key, range === 'whole' ? undefined : range);
    if (!body) throw new AppError('not_found');
    if (isFromStart(part)) reads.count(grant.key, c.req.valid('query').download === '1' ? 'downloads' : 'views');
    c.env.outgoing.writeHead(status, headers);
    await send(body, c.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  });
}

type MediaParts = Pick<HttpParts, 'blobs' | 'secrets' | 'runtime' | 'store' | 'log'>;

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
