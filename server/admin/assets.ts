import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';

const contentTypes = { 'admin.css': 'text/css; charset=utf-8', 'icon.svg': 'image/svg+xml' } as const;
type AssetName = keyof typeof contentTypes;

const read = (name: AssetName) => readFileSync(join(import.meta.dirname, 'assets', name));
const files: Record<AssetName, Buffer> = { 'admin.css': read('admin.css'), 'icon.svg': read('icon.svg') };

const stylesheetVersion = createHash('sha256').update(files['admin.css']).digest('base64url').slice(0, 12);

/** Changes with the content, so that the file may be kept for good. */
export const stylesheetHref = `/admin/assets/admin.css?v=${stylesheetVersion}`;

/** The stylesheet and the icon; open to everybody, because the sign-in page needs them. */
export const assets = new Hono();
for (const [name, body] of Object.entries(files) as [AssetName, Buffer<ArrayBuffer>][])
  assets.get(`/${name}`, (c) => {
    const isVersioned = c.req.query('v') === stylesheetVersion;
    return c.body(body, 200, {
      'content-type': contentTypes[name],
      'cache-control': isVersioned ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
    });
  });
