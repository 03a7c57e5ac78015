import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Context } from 'hono';
import type { HttpEnv, HttpRoutes } from './env.ts';
import { embeddable } from './front-door.ts';

const entry = 'kling-video-cover.js';
const contentTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.json': 'application/json',
  '.ts': 'text/plain; charset=utf-8',
};
const shortCache = 'public, max-age=300';
const longCache = 'public, max-age=31536000, immutable';

interface WidgetFile {
  body: Buffer<ArrayBuffer>;
  zipped: Buffer<ArrayBuffer>;
  contentType: string;
  etag: string;
}

export interface WidgetFiles {
  /** By name, such as `kling-video-cover.js`. */
  files: ReadonlyMap<string, WidgetFile>;
  /** The script under a path that never changes its bytes nor those of the files it loads, with the hash for `<script integrity>`; null before a build. */
  pinned: { path: string; version: string; integrity: string } | null;
}

/** Reads the built widget, once. A folder that is missing has no files. */
export function widgetFiles(folder: string): WidgetFiles {
  const files = new Map(namesIn(folder).map((name) => [name, widgetFile(join(folder, name))]));
  const script = files.get(entry)?.body;
  if (!script) return { files, pinned: null };
  const version = versionOf(files);
  const integrity = `sha384-${createHash('sha384').update(script).digest('base64')}`;
  return { files, pinned: { path: `/widget/${version}/${entry}`, version, integrity } };
}

/** Of all files together: what the script loads later must stay as fixed as the script itself. */
function versionOf(files: ReadonlyMap<string, WidgetFile>): string {
  const hash = createHash('sha256');
  for (const [name, { body }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name} ${body.length} `).update(body);
  return hash.digest('hex').slice(0, 16);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => extname(name) in contentTypes);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fault;
  }
}

function widgetFile(path: string): WidgetFile {
  const body = Buffer.from(readFileSync(path));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, zipped: gzipSync(body), contentType: contentTypes[extname(path)]!, etag };
}

/** `GET /widget/<name>`, and the same under the pinned version. A name is looked up, never joined to a path. */
export function addWidgetRoutes(app: HttpRoutes, { files, pinned }: WidgetFiles): void {
  app.get('/widget/:name', (c) => {
    const file = files.get(c.req.param('name'));
    return file ? fileAnswer(c, file, shortCache) : c.notFound();
  });
  app.get('/widget/:version/:name', (c) => {
    const file = c.req.param('version') === pinned?.version ? files.get(c.req.param('name')) : undefined;
    return file ? fileAnswer(c, file, longCache) : c.notFound();
  });
}

function fileAnswer(c: Context<HttpEnv>, file: WidgetFile, cacheControl: string): Response {
  const headers: Record<string, string> = {
    ...embeddable,
    'content-type': file.contentType,
    'cache-control': cacheControl,
    vary: 'Accept-Encoding',
    etag: file.etag,
  };
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, headers);
  const takesGzip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
  if (takesGzip) headers['content-encoding'] = 'gzip';
  return c.body(takesGzip ? file.zipped : file.body, 200, headers);
}
