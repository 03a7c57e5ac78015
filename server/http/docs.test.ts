import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { problemOf, startTestServer, type TestServer } from './testing.ts';
import { widgetFiles } from './widget.ts';

const script = 'export const cover = 1;\n'.repeat(100);
let folder: string;
let server: TestServer;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kvc-widget-'));
  await mkdir(join(folder, 'inner'));
  await writeFile(join(folder, 'kling-video-cover.js'), script);
  await writeFile(join(folder, '.env'), 'SECRET=x');
  server = await startTestServer({ widgetFolder: folder, publicUrl: 'https://covers.example' });
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface OpenApi {
  openapi: string;
  servers: unknown;
  paths: Record<string, Record<string, { security?: Record<string, []>[]; responses: Record<string, unknown> }>>;
  components: { securitySchemes: object; schemas: object };
  webhooks: Record<string, { post: { requestBody: object } }>;
}

it('all routes are such that the fast router takes them', async () => {
  await server.call('/healthz');
  assert.equal(server.app.router.name, 'SmartRouter + RegExpRouter');
});

describe('/openapi.json', () => {
  it('describes every route of the contract with its answers, problems and who may call', async () => {
    const answer = await server.call('/openapi.json');
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    const api = (await answer.json()) as OpenApi;
    assert.equal(api.openapi, '3.1.0');
    const routes = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { security }]) => `${method} ${path} ${Object.keys(security?.[0] ?? {}).join()}`,
      ),
    );
    assert.deepEqual(routes.toSorted(), [
      'delete /v1/jobs/{id} seller',
      'delete /v1/jobs/{id}/share seller',
      'get /healthz ',
      'get /media/{token} ',
      'get /readyz ',
      'get /v1/events seller',
      'get /v1/groups seller',
      'get /v1/host/accounts/{userId} site',
      'get /v1/host/jobs site',
      'get /v1/jobs seller',
      'get /v1/jobs/{id} seller',
      'get /v1/ledger seller',
      'get /v1/session seller',
      'post /hooks/kie/{token} ',
      'post /hooks/kling/{token} ',
      'post /v1/batches seller',
      'post /v1/host/accounts/{userId}/grants site',
      'post /v1/jobs seller',
      'post /v1/jobs/{id}/cancel seller',
      'post /v1/jobs/{id}/share seller',
      'post /v1/scenes seller',
      'post /v1/uploads seller',
    ]);
    for (const name of [
      'Problem',
      'Job',
      'Session',
      'CreateJob',
      'CreateBatch',
      'Batch',
      'Group',
      'Share',
      'Style',
      'Upload',
      'Scenes',
    ])
      assert.ok(name in api.components.schemas, name);
    assert.deepEqual(Object.keys(api.components.securitySchemes), ['seller', 'site']);
  });

  it('describes the webhook message of every event', async () => {
    const api = (await (await server.call('/openapi.json')).json()) as OpenApi;
    assert.match(JSON.stringify(api.webhooks['host-event']!.post.requestBody), /schemas\/HostEvent/);
    const { HostEvent } = api.components.schemas as { HostEvent: object };
    for (const type of ['job.completed', 'job.failed', 'balance.changed', 'webhook.test'])
      assert.ok(JSON.stringify(HostEvent).includes(`"${type}"`), type);
  });

  it('says the truth about who may call: every other caller is refused on every route that names one', async () => {
    const { paths } = (await (await server.call('/openapi.json')).json()) as OpenApi;
    for (const [path, methods] of Object.entries(paths))
      for (const [method, { security }] of Object.entries(methods)) {
        if (!security) continue;
        const answer = await server.call(path.replace(/\{\w+\}/, 'x'), { method: method.toUpperCase() });
        await problemOf(answer, { status: 401, code: 'unauthorized' });
      }
  });
});

describe('/docs', () => {
  it('shows the API from our own origin, without inline scripts', async () => {
    const answer = await server.call('/docs');
    const html = await answer.text();
    const policy = answer.headers.get('content-security-policy')!;
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(html, /<script(?! src)|https?:/);
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const file = await server.call(`/${address}`);
      assert.equal(file.status, 200, address);
      assert.match(file.headers.get('content-type')!, /^text\/(javascript|css)/);
      await file.arrayBuffer();
    }
  });
});

describe('the widget script', () => {
  it('is served with a short cache, and under its version for ever', async () => {
    const { pinned } = widgetFiles(folder);
    const plain = await server.call('/widget/kling-video-cover.js');
    const fixed = await server.call(pinned!.path);
    for (const answer of [plain, fixed]) {
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8');
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
      assert.equal(answer.headers.get('content-encoding'), 'gzip');
      assert.equal(await answer.text(), script);
    }
    assert.equal(plain.headers.get('cache-control'), 'public, max-age=300');
    assert.equal(fixed.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(pinned!.integrity, `sha384-${createHash('sha384').update(script).digest('base64')}`);
    const etag = plain.headers.get('etag')!;
    assert.equal(
      (await server.call('/widget/kling-video-cover.js', { headers: { 'if-none-match': etag } })).status,
      304,
    );
  });

  it('has what it loads later under its version too, which changes with any of the files', async () => {
    const later = join(folder, 'kling-video-cover.modes.js');
    const alone = widgetFiles(folder).pinned!;
    await writeFile(later, 'export const modes = 1;\n');
    const both = widgetFiles(folder).pinned!;
    await rm(later);
    assert.notEqual(both.version, alone.version);
    assert.equal(both.integrity, alone.integrity);
    assert.equal(widgetFiles(folder).pinned!.version, alone.version);
  });

  it('is all that its folder gives away', async () => {
    for (const name of [
      '.env',
      'inner',
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e/x',
      'nothing.js',
      '0000/kling-video-cover.js',
    ])
      await problemOf(await server.call(`/widget/${name}`), { status: 404, code: 'not_found' });
  });

  it('that was never built has no pinned address', () => {
    assert.deepEqual(widgetFiles(join(folder, 'nowhere')), { files: new Map(), pinned: null });
  });
});

describe('health', () => {
  it('names the parts that are not ready, and keeps the reason for the log', async () => {
    assert.deepEqual(await (await server.call('/readyz')).json(), { status: 'ok' });
    server.health['storage'] = 'EACCES /secret/path';
    const problem = await problemOf(await server.call('/readyz'), { status: 503, code: 'unavailable' });
    assert.deepEqual(problem['failing'], ['storage']);
    assert.doesNotMatch(JSON.stringify(problem), /secret/);
    server.health['storage'] = 'ok';
    assert.equal((await server.call('/healthz')).status, 200);
  });

  it('metrics count requests by route and never name an address', async () => {
    await server.call('/v1/jobs/some-id', { token: await server.mint() });
    await server.call('/media/some-token');
    const text = await (await server.call('/metrics')).text();
    assert.match(text, /http_request_duration_seconds_count\{method="GET",route="\/v1\/jobs\/:id",status="404"\} 1/);
    assert.doesNotMatch(text, /some-id|some-token/);
  });

  it('a server behind https asks browsers to stay there', async () => {
    assert.equal((await server.call('/healthz')).headers.get('strict-transport-security'), 'max-age=31536000');
  });
});
