import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { chooseKlingCredentials, createKlingAuth } from './kling-auth.ts';

const pair = { accessKey: 'AK-1', secretKey: 'a secret key of thirty-two signs'.replaceAll(' ', '-') };
const startMs = Date.parse('2026-11-20T10:00:00.700Z');
const startSeconds = Math.floor(startMs / 1000);

async function readToken(header: string, atMs: number) {
  const token = header.slice('Bearer '.length);
  const { payload } = await jwtVerify(token, new TextEncoder().encode(pair.secretKey), { currentDate: new Date(atMs) });
  return { header: decodeProtectedHeader(token), payload };
}

test('the token has exactly the header and the claims of the vendor page', async () => {
  const header = await createKlingAuth(pair, () => startMs).header();
  assert.match(header, /^Bearer [^ ]+$/);
  const token = await readToken(header, startMs);
  assert.deepEqual(token.header, { alg: 'HS256', typ: 'JWT' });
  assert.deepEqual(token.payload, { iss: 'AK-1', exp: startSeconds + 1800, nbf: startSeconds - 5 });
});

test('a token is signed once and replaced after 25 minutes', async () => {
  let nowMs = startMs;
  const auth = createKlingAuth(pair, () => nowMs);
  const first = await auth.header();
  nowMs += 25 * 60_000 - 1;
  assert.equal(await auth.header(), first);
  nowMs += 1;
  const second = await readToken(await auth.header(), nowMs);
  assert.equal(second.payload.exp, Math.floor(nowMs / 1000) + 1800);
});

test('a token made before the clock was set back is not used', async () => {
  let nowMs = startMs;
  const auth = createKlingAuth(pair, () => nowMs);
  await auth.header();
  nowMs -= 3600_000;
  assert.equal((await readToken(await auth.header(), nowMs)).payload.nbf, startSeconds - 3600 - 5);
});

test('a renewed token follows the clock of the service', async () => {
  const auth = createKlingAuth(pair, () => startMs);
  await auth.header();
  assert.equal(auth.renew('Fri, 20 Nov 2026 11:00:00 GMT'), true);
  const serverNowMs = Date.parse('2026-11-20T11:00:00Z');
  const { payload } = await readToken(await auth.header(), serverNowMs);
  assert.equal(payload.nbf, serverNowMs / 1000 - 5);
});

test('a renewal without a readable date signs anew by our own clock', async () => {
  let nowMs = startMs;
  const auth = createKlingAuth(pair, () => nowMs);
  const first = await auth.header();
  nowMs += 2000;
  assert.equal(auth.renew('soon'), true);
  assert.notEqual(await auth.header(), first);
  assert.equal((await readToken(await auth.header(), nowMs)).payload.nbf, startSeconds + 2 - 5);
});

test('an API key is sent as it is and cannot be renewed', async () => {
  const auth = createKlingAuth({ apiKey: 'api-key-kling-1' }, () => startMs);
  assert.equal(await auth.header(), 'Bearer api-key-kling-1');
  assert.equal(auth.renew(null), false);
});

test('credentials that cannot be a key are told apart from a fault of the network', async () => {
  for (const bad of [{ apiKey: 'two\nlines' }, { accessKey: '', secretKey: 'x' }, { accessKey: 'x', secretKey: '' }]) {
    await assert.rejects(createKlingAuth(bad, () => startMs).header(), /no key has/);
  }
});

test('the API key comes before the key pair, and half a pair is nothing', () => {
  assert.deepEqual(chooseKlingCredentials({ apiKey: ' k ', ...pair }), { apiKey: 'k' });
  assert.deepEqual(chooseKlingCredentials({ apiKey: '', ...pair }), pair);
  assert.equal(chooseKlingCredentials({ accessKey: 'AK-1' }), null);
  assert.equal(chooseKlingCredentials({}), null);
});
