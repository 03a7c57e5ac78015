import { randomBytes } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { shareSchema, type Share } from '../contract.ts';
import { AppError } from '../errors.ts';
import { isOver, resultOf } from '../jobs/result.ts';
import type { JobRow } from '../store/schema.ts';
import { embedCode } from './embed-code.ts';
import type { HttpEnv, HttpParts, HttpRoutes } from './env.ts';
import { acceptedLanguages } from './language.ts';
import { neutralPosterUrl } from './posters.ts';
import { problemAnswer } from './problem.ts';
import { createReadCounter } from './read-counter.ts';
import { sellerSecurity } from './security.ts';
import { sendObject } from './send-object.ts';
import { sharePage, sharePagePolicy, shareStyle } from './share-page.ts';

const params = z.object({ id: z.string() });
const shareRoute = createRoute({
  method: 'post',
  path: '/v1/jobs/{id}/share',
  summary: 'Makes a finished job public: the same link until it is ended',
  security: sellerSecurity,
  request: { params },
  responses: {
    200: { description: 'The link', content: { 'application/json': { schema: z.object({ share: shareSchema }) } } },
    ...problemAnswer,
  },
});
const endShareRoute = createRoute({
  method: 'delete',
  path: '/v1/jobs/{id}/share',
  summary: "Ends the job's public link; whoever has it sees nothing any more",
  security: sellerSecurity,
  request: { params },
  responses: { 204: { description: 'Ended' }, ...problemAnswer },
});

/** 128 bits: nobody finds one by trying. */
const newShareId = () => randomBytes(16).toString('base64url');
/** An ended link must end soon in caches too. */
const cacheControl = 'public, max-age=300';

type ShareParts = Pick<HttpParts, 'jobs' | 'store' | 'blobs' | 'runtime' | 'settings' | 'log'>;

/** The seller's side under `/v1/jobs/:id/share`, and what the world sees under `/s/:token`. */
export function addShareRoutes(app: HttpRoutes, parts: ShareParts): void {
  const { jobs, store, blobs, runtime, settings } = parts;
  const reads = createReadCounter(parts);
  const address = (shareId: string, part = '') => `${settings.publicUrl}/s/${shareId}${part}`;

  const posterOf = (job: JobRow, shareId: string): string => {
    if (!job.video) return address(shareId, '/file');
    return job.still ? address(shareId, '/poster') : neutralPosterUrl(settings.publicUrl, job.aspectRatio);
  };

  function presentShare(job: JobRow, shareId: string): Share {
    const { width, height } = resultOf(job);
    const [videoUrl, posterUrl] = [address(shareId, '/file'), posterOf(job, shareId)];
    const embedding = { ...(job.video && { videoUrl }), posterUrl, width, height };
    return { url: address(shareId), videoUrl, posterUrl, embedCode: embedCode(embedding) };
  }

  app.openapi(shareRoute, async (c) => {
    const { accountId } = c.var.seller;
    const jobId = c.req.valid('param').id;
    const { job, shareId } = await jobs.share({ accountId, jobId, newShareId: newShareId() });
    return c.json({ share: presentShare(job, shareId) }, 200);
  });

  app.openapi(endShareRoute, async (c) => {
    await jobs.endShare(c.var.seller.accountId, c.req.valid('param').id);
    return c.body(null, 204);
  });

  async function shared(c: Context<HttpEnv, '/s/:token'>): Promise<JobRow> {
    const job = await store.shares.job(c.req.param('token'));
    if (!job || isOver(resultOf(job), runtime.now())) throw new AppError('not_found');
    return job;
  }

  // Not under /s/: a name beside `/s/:token` is more than hono's fast router can tell apart.
  app.get('/share.css', (c) =>
    c.body(shareStyle, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': cacheControl }),
  );

  app.get('/s/:token', async (c) => {
    const job = await shared(c);
    const token = c.req.param('token');
    const { link } = resultOf(job);
    c.header(
      'content-security-policy',
      sharePagePolicy(link ? new URL(link.url).origin : (blobs.direct?.origin ?? '')),
    );
    c.header('cache-control', cacheControl);
    const page = { pageUrl: address(token), fileUrl: address(token, '/file'), posterUrl: posterOf(job, token) };
    return c.html(await sharePage({ job, ...page, language: languageOf(c) }));
  });

  app.get('/s/:token/file', async (c) => {
    const job = await shared(c);
    const { link, key, contentType } = resultOf(job);
    // Not ours to judge: the provider's own address, as its answer gave it and the download rules let it pass.
    if (link) return c.redirect(link.url, 302);
    return send(c, { key, contentType, onRead: () => reads.count(key, 'views') });
  });

  app.get('/s/:token/poster', async (c) => {
    const { still } = await shared(c);
    if (!still) throw new AppError('not_found');
    return send(c, { ...still, onRead: () => {} });
  });

  async function send(
    c: Context<HttpEnv>,
    { key, contentType, onRead }: { key: string; contentType: string; onRead: () => void },
  ): Promise<Response> {
    const object = await blobs.stat(key);
    if (!object) throw new AppError('not_found');
    const grant = { key, contentType };
    return sendObject(c, { blobs, grant, bytes: object.bytes, cacheControl, isDownload: false, onRead });
  }
}

function languageOf(c: Context<HttpEnv>): 'ru' | 'en' | 'vi' {
  const wanted = acceptedLanguages(c.req.header('accept-language')).map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag) => tag === 'ru' || tag === 'en' || tag === 'vi') ?? 'en';
}
