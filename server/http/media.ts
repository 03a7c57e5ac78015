import { createRoute, z } from '@hono/zod-openapi';
import { AppError } from '../errors.ts';
import type { HttpParts, HttpRoutes } from './env.ts';
import { problemAnswer } from './problem.ts';
import { createReadCounter } from './read-counter.ts';
import { sendObject } from './send-object.ts';

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
    302: { description: 'A clip lies in a bucket that browsers read themselves: there' },
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

    const isDownload = c.req.valid('query').download === '1';
    return sendObject(c, {
      blobs,
      grant,
      bytes: object.bytes,
      cacheControl: cacheControl(token),
      isDownload,
      onRead: () => reads.count(grant.key, isDownload ? 'downloads' : 'views'),
    });
  });
}

type MediaParts = Pick<HttpParts, 'blobs' | 'secrets' | 'runtime' | 'store' | 'log'>;
