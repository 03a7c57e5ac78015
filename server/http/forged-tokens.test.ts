import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { errors } from 'jose';
import { createPublicKeys } from './jwks.ts';
import { firstSite, problemOf, sharedSecret, startTestServer, type TestServer } from './testing.ts';

const issuer = 'https://keys.example';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const strangerRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicJwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
const curveJwk = { ...curve.publicKey.export({ format: 'jwk' }), kid: 'k2', use: 'sig' };
const strangerJwk = { ...strangerRsa.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' };

/** An address that serves keys, and what it was asked. */
async function startKeyServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url!);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, close: () => (server.closeAllConnections(), server.close()) };
}
type KeyServer = Awaited<ReturnType<typeof startKeyServer>>;
const serveKeys = (response: ServerResponse, keys: object[]) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));

let server: TestServer;
let keys: KeyServer;
let attacker: KeyServer;
before(async () => {
  keys = await startKeyServer((_, response) => serveKeys(response, [publicJwk, curveJwk]));
  attacker = await startKeyServer((_, response) => serveKeys(response, [strangerJwk]));
  server = await startTestServer({ perMinute: { badTokens: 10_000 } });
  const site = {
    ...firstSite,
    id: 'keys',
    issuer,
    sealedJwtSecret: null,
    apiKeyHash: null,
    jwksUrl: `${keys.url}/keys`,
  };
  await server.parts.store.sites.put(site, 1);
});
after(async () => {
  await server.close();
  keys.close();
  attacker.close();
});

const seconds = () => Math.floor(Date.now() / 1000);
const claimsOf = (iss: string) => ({
  iss,
  aud: firstSite.audience,
  sub: 'victim',
  iat: seconds(),
  exp: seconds() + 60,
});
const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function withRsa(header: object, { key = rsa.privateKey, claims = claimsOf(issuer) as unknown } = {}): string {
  const content = `${encoded(header)}.${encoded(claims)}`;
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}
function withHmac(header: object, secret: string | Buffer, claims: unknown = claimsOf(issuer)): string {
  const content = `${encoded(header)}.${encoded(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}
const ask = (token: string) => server.call('/v1/session', { token });
async function assertRefused(tokens: Record<string, string>): Promise<void> {
  for (const [name, token] of Object.entries(tokens)) {
    const answer = await ask(token);
    assert.equal(answer.status, 401, `${name}: ${await answer.clone().text()}`);
    await problemOf(answer, { status: 401, code: 'unauthorized' });
  }
  assert.deepEqual(attacker.asked, []);
}

describe('a forged token', () => {
  it('is one only by its forgery: the same made honestly is accepted', async () => {
    assert.equal((await ask(withRsa({ alg: 'RS256', kid: 'k1' }))).status, 200);
    assert.equal((await ask(withHmac({ alg: 'HS256' }, sharedSecret, claimsOf(firstSite.issuer)))).status, 200);
  });

  it('that is signed with the public key as a shared secret is refused, in every spelling of the key', async () => {
    const spki = { type: 'spki' } as const;
    const spellings: Record<string, string | Buffer> = {
      pem: rsa.publicKey.export({ ...spki, format: 'pem' }),
      der: rsa.publicKey.export({ ...spki, format: 'der' }),
      pkcs1: rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }),
      jwk: JSON.stringify(publicJwk),
      modulus: Buffer.from(publicJwk.n!, 'base64url'),
      empty: '',
    };
    for (const [name, secret] of Object.entries(spellings))
      await assertRefused({
        [`HS256 ${name}`]: withHmac({ alg: 'HS256', kid: 'k1' }, secret),
        [`RS256 ${name}`]: withHmac({ alg: 'RS256', kid: 'k1' }, secret),
      });
  });

  it('that brings or names its own key is refused, and the named address is never asked', async () => {
    const address = `${attacker.url}/jwks.json`;
    const certificate = encoded('not a certificate');
    const headers: Record<string, object> = {
      jwk: { jwk: strangerJwk },
      jku: { jku: address },
      x5u: { x5u: address },
      x5c: { x5c: [certificate], x5t: 'x' },
      all: { jwk: strangerJwk, jku: address, x5u: address, x5c: [certificate] },
    };
    for (const [name, header] of Object.entries(headers))
      await assertRefused({ [name]: withRsa({ alg: 'RS256', kid: 'k1', ...header }, { key: strangerRsa.privateKey }) });
  });

  it('of no algorithm, of one that is not the key’s, or with an extension we do not know is refused', async () => {
    const [header, claims, signature] = withRsa({ alg: 'RS256', kid: 'k1' }).split('.') as [string, string, string];
    const bare = (alg: unknown) => `${encoded({ alg, kid: 'k1' })}.${claims}.`;
    for (const alg of ['none', 'None', 'nOnE', '', null, 0, ['RS256'], 'rs256', 'RS256 ', 'HS256', 'RS1'])
      await assertRefused({ [`alg ${String(alg)}`]: bare(alg), [`alg ${String(alg)}, signed`]: bare(alg) + signature });
    await assertRefused({
      'ES256 with an RSA key': withRsa({ alg: 'ES256', kid: 'k1' }),
      'EdDSA with an RSA key': withRsa({ alg: 'EdDSA', kid: 'k1' }),
      'RS256 with a curve key': withCurve({ alg: 'RS256', kid: 'k2' }),
      'RS384 by name only': withRsa({ alg: 'RS384', kid: 'k1' }),
      crit: withRsa({ alg: 'RS256', kid: 'k1', crit: ['exp'], exp: 1 }),
      'crit b64': withRsa({ alg: 'RS256', kid: 'k1', crit: ['b64'], b64: false }),
      encrypted: `${encoded({ alg: 'dir', enc: 'A256GCM', kid: 'k1' })}..${claims}.x.y`,
      'empty signature': `${header}.${claims}.`,
      'HMAC of another length': withHmac({ alg: 'HS512' }, sharedSecret, claimsOf(firstSite.issuer)),
    });
    assert.equal((await ask(withCurve({ alg: 'ES256', kid: 'k2' }))).status, 200);
  });

  it('of garbled base64 is refused, also where a forgiving decoder would read it', async () => {
    const good = withHmac({ alg: 'HS256' }, sharedSecret, claimsOf(firstSite.issuer));
    const [header, claims, signature] = good.split('.') as [string, string, string];
    const last = signature.at(-1)!;
    const neighbour = String.fromCharCode(last.charCodeAt(0) + 1);
    await assertRefused({
      padded: `${good}=`,
      'padded inside': `${header}=.${claims}.${signature}`,
      'plain alphabet': `${header}.${claims}.${signature.slice(0, -1)}+`,
      'unused bits of the last letter': `${header}.${claims}.${signature.slice(0, -1)}${/\w/.test(neighbour) ? neighbour : 'B'}`,
      'a dot more': `${good}.`,
      'a part less': `${header}.${claims}`,
      'a letter lost': `${header}.${claims}.${signature.slice(1)}`,
      'header of an array': `${encoded([])}.${claims}.${signature}`,
      'header twice': `${encoded('{"alg":"none","alg":"HS256"}')}.${claims}.${signature}`,
      'claims that are no object': withHmac({ alg: 'HS256' }, sharedSecret, '"text"'),
      'claims with a second issuer': withHmac(
        { alg: 'HS256' },
        sharedSecret,
        `{"iss":"${firstSite.issuer}","iss":"${issuer}"}`,
      ),
    });
  });

  it('with a hostile key id is refused as any unknown key, and nothing is fetched for it', async () => {
    const before = keys.asked.length;
    const hostile = {
      path: '../../../../dev/null',
      sql: `k1' or '1'='1`,
      NUL: 'k1\u0000',
      long: 'x'.repeat(8_000),
      prototype: '__proto__',
      constructor: 'constructor',
      address: 'http://127.0.0.1/keys',
      number: 1,
      object: { kid: 'k1' },
      null: null,
    };
    for (const [name, kid] of Object.entries(hostile))
      await assertRefused({ [name]: withRsa({ alg: 'RS256', kid }, { key: strangerRsa.privateKey }) });
    assert.equal(keys.asked.length, before);
  });

  it('with times, audience or subject of a wrong type is refused, however well it is signed', async () => {
    const wrong: Record<string, string>[] = [];
    for (const claim of ['exp', 'iat'])
      for (const value of ['"1999999999"', '-1', '[1999999999]', '{}', 'true', 'null', '1e999', '-1e999'])
        wrong.push({ [claim]: value });
    for (const value of ['[]', '{}', '""', 'null', '["__proto__"]', '[["kling-video-cover"]]'])
      wrong.push({ aud: value });
    for (const value of ['[]', '{}', 'true', '["victim"]', '"\\u0000"', '"a\\nb"']) wrong.push({ sub: value });
    wrong.push({ nbf: '"0"' }, { nbf: '1e999' }, { nbf: '[]' });
    for (const changes of wrong) {
      const honest = Object.entries(claimsOf(firstSite.issuer)).map(([name, value]) => [name, JSON.stringify(value)]);
      const text = Object.entries({ ...Object.fromEntries(honest), ...changes }).map(
        ([name, value]) => `"${name}":${value}`,
      );
      const answer = await ask(withHmac({ alg: 'HS256' }, sharedSecret, `{${text.join()}}`));
      assert.equal(answer.status, 401, JSON.stringify(changes));
    }
  });
});

function withCurve(header: object): string {
  const content = `${encoded(header)}.${encoded(claimsOf(issuer))}`;
  const key = { key: curve.privateKey as KeyObject, dsaEncoding: 'ieee-p1363' } as const;
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}

describe('the address of a site’s keys', () => {
  const header = { alg: 'RS256', kid: 'nobody' };
  const load = async (answer: (request: IncomingMessage, response: ServerResponse) => void, timeoutMs = 1_000) => {
    const other = await startKeyServer(answer);
    const find = createPublicKeys(`${other.url}/keys`, { timeoutMs });
    const faults: unknown[] = [];
    for (let times = 0; times < 20; times++)
      await Promise.resolve(find(header, { payload: '', signature: '' })).catch((fault: unknown) => faults.push(fault));
    other.close();
    assert.equal(faults.length, 20);
    return { asked: other.asked, fault: faults[0] as Error };
  };

  it('is asked once for a flood of unknown keys', async () => {
    const { asked, fault } = await load((_, response) => serveKeys(response, [publicJwk]));
    assert.ok(fault instanceof errors.JWKSNoMatchingKey);
    assert.equal(asked.length, 1);
  });

  it('that fails is asked once, and then left alone for a while', async () => {
    const { asked, fault } = await load((_, response) => void response.writeHead(500).end());
    assert.ok(fault instanceof errors.JOSEError);
    assert.equal(asked.length, 1);
  });

  it('that leads elsewhere is not followed', async () => {
    const { asked, fault } = await load(
      (_, response) => void response.writeHead(302, { location: `${attacker.url}/keys` }).end(),
    );
    assert.ok(fault instanceof errors.JOSEError);
    assert.deepEqual([asked.length, attacker.asked], [1, []]);
  });

  it('that answers without an end is cut at the limit, long before its own length', async () => {
    let sent = 0;
    const { fault } = await load((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        if (sent < 50_000_000 && !response.destroyed) response.write(Buffer.alloc(65_536, 0x20), more);
        sent += 65_536;
      };
      more();
    });
    assert.match(fault.message, /too much/);
    assert.ok(sent < 10_000_000, String(sent));
  });

  it('that does not answer, or stops within its answer, is given up', async () => {
    for (const begin of ['', '{"keys":['])
      assert.ok(
        (await load((_, response) => void (begin && response.write(begin)), 100)).fault instanceof errors.JOSEError,
        begin,
      );
  });
});
