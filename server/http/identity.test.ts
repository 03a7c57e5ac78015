import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, type GenerateKeyPairResult } from 'jose';
import type { Session } from '../contract.ts';
import { createSeal } from '../secrets.ts';
import { firstSite, problemOf, sharedSecret, siteKey, startTestServer, type TestServer } from './testing.ts';

const seconds = () => Math.floor(Date.now() / 1000);
const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

let server: TestServer;
before(async () => (server = await startTestServer()));
after(() => server.close());
afterEach(async () => {
  assert.equal((await server.call('/v1/session', { token: await server.mint() })).status, 200);
  assert.deepEqual(
    server.logged.filter(({ level }) => level === 'error'),
    [],
  );
});

const refused = async (headers: Record<string, string>, code = 'unauthorized') => {
  const problem = await problemOf(await server.call('/v1/session', { headers }), { status: 401, code });
  assert.deepEqual(Object.keys(problem), ['type', 'title', 'status', 'code', 'detail', 'requestId']);
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('a seller token', () => {
  const goodClaims = () => ({
    iss: firstSite.issuer,
    aud: firstSite.audience,
    sub: 's',
    iat: seconds(),
    exp: seconds() + 60,
  });
  const unsigned = (header: object, signature = '') =>
    `${base64({ typ: 'JWT', ...header })}.${base64(goodClaims())}.${signature}`;
  /** Claims as raw JSON text, truly signed: what no honest library would write. */
  const signedText = async (json: string, header: object = { alg: 'HS256' }) => {
    const key = await crypto.subtle.importKey(
      'raw',
      Buffer.from(sharedSecret),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const content = `${base64(header)}.${base64(json)}`;
    return `${content}.${Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from(content))).toString('base64url')}`;
  };

  it('is needed', async () => {
    await refused({});
    await refused({ authorization: 'Bearer ' });
    await refused({ authorization: 'Basic dTpw' });
    await refused({ authorization: `Bearer ${await server.mint()} ${await server.mint()}` });
    await refused({ authorization: await server.mint() });
  });

  it('may follow the word Bearer in any case', async () => {
    const headers = { authorization: `bEARER ${await server.mint()}` };
    assert.equal((await server.call('/v1/session', { headers })).status, 200);
  });

  it('is refused when it is garbled, unsigned or signed by somebody else', async () => {
    const good = await server.mint();
    const [header, claims, signature] = good.split('.') as [string, string, string];
    const forged = [
      'x',
      'a.b.c',
      '..',
      `${header}.${claims}.`,
      `${header}.${claims}`,
      `${good}.${signature}`,
      `${good}=`,
      `${header}.${base64({ ...goodClaims(), sub: 'somebody-else' })}.${signature}`,
      ...['none', 'None', 'nOnE', ''].flatMap((alg) => [unsigned({ alg }), unsigned({ alg }, signature)]),
      await server.mint({ secret: 'another secret that is long enough as well' }),
      await signedText(JSON.stringify(goodClaims()), { alg: 'HS256', crit: ['x'], x: 1 }),
      await signedText(JSON.stringify(goodClaims()), { alg: 'HS512' }),
      await signedText(JSON.stringify(goodClaims()), { alg: 'RS256' }),
      await signedText('not json'),
      await signedText('[]'),
      'x'.repeat(10_000),
    ];
    for (const token of forged) await refused(bearer(token));
  });

  it('is refused with claims that are missing, foreign or of another type', async () => {
    const now = seconds();
    const changes: Record<string, unknown>[] = [
      { iss: undefined },
      { iss: 'https://nobody.example' },
      { iss: 7 },
      { iss: '__proto__' },
      { aud: undefined },
      { aud: 'another-audience' },
      { aud: ['another-audience'] },
      { sub: undefined },
      { sub: '' },
      { sub: 7 },
      { sub: 'x'.repeat(201) },
      { sub: 'a\u0000b' },
      { exp: undefined },
      { exp: String(now + 60) },
      { exp: null },
      { iat: undefined },
      { iat: String(now) },
      { iat: now + 120, exp: now + 180 },
      { exp: now + 901, iat: now },
      { exp: 4_000_000_000 },
      { iat: -1e12 },
      { nbf: now + 120 },
      { nbf: 'soon' },
      { name: 7 },
      { name: 'x'.repeat(201) },
      { locale: 'x'.repeat(36) },
    ];
    for (const claims of changes) await refused(bearer(await server.mint(claims)));
  });

  it('is refused when its times are no finite numbers', async () => {
    const { exp, iat, ...rest } = goodClaims();
    const text = JSON.stringify(rest).slice(0, -1);
    for (const times of [
      `"exp":1e999,"iat":${iat}`,
      `"exp":1e999,"iat":1e999`,
      `"exp":${exp},"iat":-1e999`,
      `"exp":NaN,"iat":${iat}`,
    ])
      await refused(bearer(await signedText(`${text},${times}}`)));
    assert.equal(
      (await server.call('/v1/session', { token: await signedText(`${text},"exp":${exp},"iat":${iat}}`) })).status,
      200,
    );
  });

  it('is accepted with a list of audiences that names us, and with small differences of clocks', async () => {
    const now = seconds();
    for (const claims of [
      { aud: ['x', firstSite.audience] },
      { iat: now + 20, exp: now + 100 },
      { nbf: now + 20 },
      { exp: now - 20, iat: now - 100 },
    ])
      assert.equal((await server.call('/v1/session', { token: await server.mint(claims) })).status, 200);
  });

  it('has its own answer once it has expired, known before or not', async () => {
    const now = seconds();
    await refused(bearer(await server.mint({ iat: now - 300, exp: now - 60 })), 'token_expired');
    const token = await server.mint({ exp: now + 60 });
    assert.equal((await server.call('/v1/session', { token })).status, 200);
    server.advance(91_000);
    await refused(bearer(token), 'token_expired');
    server.advance(-91_000);
  });

  it('gives its name and locale to the session and the account', async () => {
    const token = await server.mint({ sub: 'named', name: 'Bình', locale: 'vi-VN' });
    const session = (await (await server.call('/v1/session', { token })).json()) as Session;
    assert.deepEqual(session.user, { id: 'named', name: 'Bình', locale: 'vi-VN' });
    assert.equal(session.presets[0]!.title, 'Bìa video');
    assert.equal((await server.parts.store.accounts.find('first', 'named'))?.name, 'Bình');
  });
});

describe('a site with a JWKS address', () => {
  const issuer = 'https://idp.example';
  let keys: Server;
  let rsa: GenerateKeyPairResult;
  let pss: GenerateKeyPairResult;
  let asked = 0;
  let status = 200;

  before(async () => {
    [rsa, pss] = [await generateKeyPair('RS256'), await generateKeyPair('PS256')];
    const pssJwk = { ...(await exportJWK(pss.publicKey)), kid: 'pss' };
    const jwk = { ...(await exportJWK(rsa.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    keys = createServer((_request, response) => {
      asked += 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk, pssJwk] }));
    }).listen(0, '127.0.0.1');
    await once(keys, 'listening');
    const jwksUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`;
    await server.parts.store.sites.put(
      { ...firstSite, id: 'idp', issuer, apiKeyHash: null, sealedJwtSecret: null, jwksUrl, maxTokenSeconds: 3600 },
      1,
    );
    server.advance(1_001);
  });
  after(() => void keys.close());

  const signed = (header: { alg: string; kid?: string }, key: CryptoKey | Uint8Array = rsa.privateKey) =>
    new SignJWT({ iss: issuer, aud: firstSite.audience, sub: 'seller-1', iat: seconds(), exp: seconds() + 3000 })
      .setProtectedHeader(header)
      .sign(key);

  it('proves its tokens by its public keys, fetched once', async () => {
    for (let times = 0; times < 3; times++) {
      const token = await signed({ alg: 'RS256', kid: 'k1' });
      assert.equal((await server.call('/v1/session', { token })).status, 200);
    }
    assert.equal(asked, 1);
  });

  it('refuses its public key as a shared secret, unknown keys and other algorithms, without asking again', async () => {
    const publicText = new TextEncoder().encode(JSON.stringify(await exportJWK(rsa.publicKey)));
    await refused(bearer(await signed({ alg: 'HS256', kid: 'k1' }, publicText)));
    for (const kid of ['k2', '../../etc/passwd', '__proto__', 'x'.repeat(5000)])
      await refused(bearer(await signed({ alg: 'RS256', kid })));
    const other = await generateKeyPair('RS256');
    await refused(bearer(await signed({ alg: 'RS256', kid: 'k1' }, other.privateKey)));
    await refused(bearer(await signed({ alg: 'PS256', kid: 'pss' }, pss.privateKey)));
    assert.equal(asked, 1);
  });

  it('is told apart from the caller when its address does not answer', async () => {
    status = 500;
    await server.parts.store.sites.put({ ...(await server.parts.store.sites.get('idp'))!, name: 'changed' }, 2);
    server.advance(6_000);
    const answer = await server.call('/v1/session', { token: await signed({ alg: 'RS256', kid: 'k1' }) });
    await problemOf(answer, { status: 503, code: 'unavailable' });
    assert.equal(answer.headers.get('retry-after'), '5');
    status = 200;
    server.logged.length = 0;
  });
});

describe('two sites', () => {
  const otherSecret = 'the shared secret of the second site, long too';
  const other = { iss: 'https://second.example', secret: otherSecret };

  before(async () => {
    const { seal } = server.parts.secrets;
    await server.parts.store.sites.put(
      {
        ...firstSite,
        id: 'second',
        issuer: other.iss,
        sealedJwtSecret: seal.seal(otherSecret),
        apiKeyHash: null,
        origins: [],
      },
      1,
    );
    server.advance(1_001);
  });

  it('do not share sellers, keys, jobs or pictures, even when all ids are equal', async () => {
    await server.grant(10);
    const ours = await server.mint();
    const theirs = await server.mint(other);
    const picture = await server.uploaded(ours);
    const body = { presetId: 'video-cover', uploadId: picture.id };
    assert.equal((await server.order(ours, { key: 'same', body })).status, 201);
    await problemOf(await server.order(theirs, { key: 'same', body }), { status: 404, code: 'not_found' });
    const own = await server.uploaded(theirs);
    await problemOf(await server.order(theirs, { key: 'same', body: { ...body, uploadId: own.id } }), {
      status: 402,
      code: 'insufficient_tokens',
    });
    const page = (await (await server.call('/v1/jobs', { token: theirs })).json()) as { items: unknown[] };
    assert.deepEqual(page.items, []);
  });

  it('cannot sign for each other', async () => {
    await refused(bearer(await server.mint({ iss: other.iss })));
    await refused(bearer(await server.mint({ secret: otherSecret })));
  });

  it('change their secret at once for tokens that were known before', async () => {
    const token = await server.mint(other);
    assert.equal((await server.call('/v1/session', { token })).status, 200);
    const sealedJwtSecret = createSeal('x'.repeat(32)).seal('x');
    const site = { ...(await server.parts.store.sites.get('second'))!, sealedJwtSecret };
    await server.parts.store.sites.put(
      { ...site, sealedJwtSecret: server.parts.secrets.seal.seal('new'.repeat(12)) },
      2,
    );
    server.advance(5_001);
    await refused(bearer(token));
  });
});

describe('bad tokens', () => {
  it('are told to wait past the limit of their address, while good ones pass', async () => {
    const small = await startTestServer({ perMinute: { badTokens: 3 }, trustedProxies: 1 });
    try {
      const from = (address: string, token: string) =>
        small.call('/v1/session', { token, headers: { 'x-forwarded-for': `6.6.6.6, ${address}` } });
      for (let times = 0; times < 3; times++)
        await problemOf(await from('9.9.9.9', 'a.b.c'), { status: 401, code: 'unauthorized' });
      const refusal = await from('9.9.9.9', 'a.b.c');
      const { retryAfter } = await problemOf(refusal, { status: 429, code: 'rate_limited' });
      assert.equal(refusal.headers.get('retry-after'), String(retryAfter));
      await problemOf(await from('8.8.8.8', 'a.b.c'), { status: 401, code: 'unauthorized' });
      assert.equal((await from('9.9.9.9', await small.mint())).status, 200);
    } finally {
      await small.close();
    }
  });

  it('of the host API are refused too', async () => {
    for (const token of [siteKey.slice(1), `${siteKey}x`, await server.mint()])
      await problemOf(await server.call('/v1/host/jobs', { token }), { status: 401, code: 'unauthorized' });
    await problemOf(await server.call('/v1/session', { token: siteKey }), { status: 401, code: 'unauthorized' });
  });
});
