import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { hashApiKey } from '../secrets.ts';
import { firstSite, problemOf, sharedSecret, siteKey, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
before(async () => (server = await startTestServer({ perMinute: { badTokens: 10_000 } })));
after(() => server.close());

/** Longer than a running server may take to see a change. */
const seenAfterMs = 5_001;

describe('a site whose secret is rotated', () => {
  const nextSecret = 'the next shared secret of the first site, as long';
  const statusOf = async (secret: string) =>
    (await server.call('/v1/session', { token: await server.mint({ secret, jti: uuidv7() }) })).status;

  async function change(set: { sealedJwtSecret: string; sealedNextJwtSecret: string | null }) {
    const { sites } = server.parts.store;
    const { id, updatedAt: expectedUpdatedAt } = (await sites.get(firstSite.id))!;
    const wish = { id, set: { ...set, updatedAt: expectedUpdatedAt + 1 }, expectedUpdatedAt };
    assert.ok(await server.parts.store.transaction((tx) => sites.change(tx, wish)));
    server.advance(seenAfterMs);
  }

  it('takes tokens of both secrets until the end, then of the new one alone, known tokens included', async () => {
    const { seal } = server.parts.secrets;
    const [present, next] = [firstSite.sealedJwtSecret, seal.seal(nextSecret)];
    assert.deepEqual([await statusOf(sharedSecret), await statusOf(nextSecret)], [200, 401]);
    await change({ sealedJwtSecret: present, sealedNextJwtSecret: next });
    assert.deepEqual([await statusOf(sharedSecret), await statusOf(nextSecret)], [200, 200]);
    assert.equal(await statusOf('a third secret that nobody gave to anybody'), 401);
    const known = await server.mint();
    assert.equal((await server.call('/v1/session', { token: known })).status, 200);
    await change({ sealedJwtSecret: next, sealedNextJwtSecret: null });
    assert.deepEqual([await statusOf(sharedSecret), await statusOf(nextSecret)], [401, 200]);
    await problemOf(await server.call('/v1/session', { token: known }), { status: 401, code: 'unauthorized' });
    await change({ sealedJwtSecret: present, sealedNextJwtSecret: null });
  });

  it('tells expired tokens of the second secret by their own answer', async () => {
    const { seal } = server.parts.secrets;
    await change({ sealedJwtSecret: firstSite.sealedJwtSecret, sealedNextJwtSecret: seal.seal(nextSecret) });
    const seconds = Math.floor(server.parts.runtime.now() / 1000);
    const token = await server.mint({ secret: nextSecret, iat: seconds - 600, exp: seconds - 300 });
    await problemOf(await server.call('/v1/session', { token }), { status: 401, code: 'token_expired' });
  });
});

describe('an API key that was made in the admin', () => {
  const jobs = (token: string) => server.call('/v1/host/jobs', { token });

  it('opens the host API of its site beside the key of the settings, until it is revoked', async () => {
    const { store } = server.parts;
    const key = 'kvc_a-key-of-the-admin-0123456789abcdefghijkl';
    const row = {
      id: uuidv7(),
      siteId: firstSite.id,
      name: 'billing',
      hint: 'kvc_a-ke',
      createdAt: 1,
      revokedAt: null,
    };
    assert.equal((await jobs(key)).status, 401);
    await store.transaction((tx) => store.sites.addApiKey(tx, { ...row, hash: hashApiKey(key) }));
    server.advance(seenAfterMs);
    assert.deepEqual([(await jobs(key)).status, (await jobs(siteKey)).status], [200, 200]);
    assert.equal((await jobs(row.hint)).status, 401);
    await store.transaction((tx) => store.sites.revokeApiKey(tx, { siteId: firstSite.id, id: row.id, now: 2 }));
    server.advance(seenAfterMs);
    await problemOf(await jobs(key), { status: 401, code: 'unauthorized' });
    assert.equal((await jobs(siteKey)).status, 200);
  });
});
