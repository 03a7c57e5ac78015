import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { firstSite, pageOrigin, problemOf, startTestServer, type TestServer } from './testing.ts';

const otherOrigin = 'https://other.example';
let server: TestServer;
before(async () => {
  server = await startTestServer();
  const { store, secrets } = server.parts;
  const sealedJwtSecret = secrets.seal.seal('the shared secret of another site, 32 bytes');
  await store.sites.put(
    {
      ...firstSite,
      id: 'other',
      issuer: 'https://other',
      apiKeyHash: null,
      sealedJwtSecret,
      origins: [otherOrigin, 'http://localhost:3000'],
    },
    1,
  );
});
after(() => server.close());

/** Looks like the listed one and is not. */
const strangers = [
  'null',
  'https://panel.example.evil.example',
  'https://evil-panel.example',
  'https://PANEL.example',
  'http://panel.example',
  'https://panel.example:8443',
  'https://panel.example/',
  'https://panel.exampl',
  'https://sub.panel.example',
  '*',
  '',
];

const preflight = (origin: string, path = '/v1/jobs') =>
  server.call(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': ' '.repeat(8000) + 'x-evil',
    },
  });

describe('a preflight', () => {
  it('is answered for every listed origin with a fixed list and no credentials', async () => {
    for (const origin of [pageOrigin, otherOrigin, 'http://localhost:3000']) {
      const { status, headers } = await preflight(origin);
      assert.equal(status, 204);
      assert.equal(headers.get('access-control-allow-origin'), origin);
      assert.equal(
        headers.get('access-control-allow-headers'),
        'authorization, content-type, idempotency-key, last-event-id',
      );
      assert.equal(headers.get('access-control-allow-methods'), 'GET, POST, DELETE');
      assert.equal(headers.get('access-control-max-age'), '600');
      assert.equal(headers.get('access-control-allow-credentials'), null);
      assert.equal(headers.get('vary'), 'Origin');
    }
  });

  it('is refused for origins that only look alike', async () => {
    for (const origin of strangers) {
      const answer = await preflight(origin);
      assert.equal(answer.headers.get('access-control-allow-origin'), null, origin);
      await problemOf(answer, { status: 403, code: 'origin_not_allowed' });
    }
  });
});

describe('a request from a page', () => {
  it('is answered to the origins of its own site, and the page may read it', async () => {
    const answer = await server.call('/v1/session', { token: await server.mint(), headers: { origin: pageOrigin } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('access-control-allow-origin'), pageOrigin);
    assert.equal(answer.headers.get('access-control-expose-headers'), 'x-request-id, retry-after');
    assert.equal(answer.headers.get('vary'), 'Origin');
  });

  it('is refused to every other origin, another site’s too, which may read why', async () => {
    const token = await server.mint();
    for (const origin of [otherOrigin, ...strangers]) {
      const answer = await server.call('/v1/session', { token, headers: { origin } });
      assert.equal(answer.headers.get('access-control-allow-origin'), origin === otherOrigin ? origin : null);
      await problemOf(answer, { status: 403, code: 'origin_not_allowed' });
    }
  });

  it('may read why its token was refused', async () => {
    const answer = await server.call('/v1/session', { headers: { origin: pageOrigin } });
    assert.equal(answer.headers.get('access-control-allow-origin'), pageOrigin);
    await problemOf(answer, { status: 401, code: 'unauthorized' });
  });

  it('needs no origin when it does not come from a page', async () => {
    assert.equal((await server.call('/v1/session', { token: await server.mint() })).status, 200);
  });
});

it('an origin that the operator adds is let in within five seconds', async () => {
  const added = 'https://added.example';
  await server.parts.store.sites.put({ ...firstSite, origins: [pageOrigin, added] }, 2);
  server.advance(5_001);
  assert.equal((await preflight(added)).status, 204);
});
