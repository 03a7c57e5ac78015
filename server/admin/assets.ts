import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';

const contentTypes = {
  'admin.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
  'live.js': 'text/javascript; charset=utf-8',
  'usage.js': 'text/javascript; charset=utf-8',
  'chart.js': 'text/javascript; charset=utf-8',
} as const;
type AssetName = keyof typeof contentTypes;

interface Asset {
  body: Buffer<ArrayBuffer>;
  packed: Buffer<ArrayBuffer>;
  version: string;
}

const own = (name: AssetName) => readFileSync(join(import.meta.dirname, 'assets', name));
/** Chart.js as its makers build it for a page, from the installed package. */
const chartLibrary = () =>
  readFileSync(join(dirname(createRequire(import.meta.url).resolve('chart.js')), 'chart.umd.min.js'));

function prepare(body: Buffer<ArrayBuffer>): Asset {
  const version = createHash('sha256').update(body).digest('base64url').slice(0, 12);
  return { body, packed: gzipSync(body), version };
}

const files: Record<AssetName, Asset> = {
  'admin.css': prepare(own('admin.css')),
  'icon.svg': prepare(own('icon.svg')),
  'live.js': prepare(own('live.js')),
  'usage.js': prepare(own('usage.js')),
  'chart.js': prepare(chartLibrary()),
};

const hrefOf = (name: AssetName) => `/admin/assets/${name}?v=${files[name].version}`;

/** Changes with the content, so that the file may be kept for good. */
export const stylesheetHref = hrefOf('admin.css');
/** Brings the marked part of a page up to date. */
export const liveScript = hrefOf('live.js');
/** The charts of the usage page, in the order in which they must be loaded. */
export const chartScripts = [hrefOf('chart.js'), hrefOf('usage.js')];

/** The admin's files; open to everybody, because the sign-in page needs some of them. */
export const assets = new Hono();
for (const [name, { body, packed, version }] of Object.entries(files) as [AssetName, Asset][])
  assets.get(`/${name}`, (c) => {
    const isVersioned = c.req.query('v') === version;
    const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i.test(c.req.header('accept-encoding') ?? '');
    return c.body(takesGzip ? packed : body, 200, {
      'content-type': contentTypes[name],
      vary: 'accept-encoding',
      ...(takesGzip && { 'content-encoding': 'gzip' }),
      'cache-control': isVersioned ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
    });
  });
