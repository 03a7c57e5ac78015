import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { simulate } from './kling-testing.ts';

type Claims = { issuer?: string; secret?: string; startsInS?: number; endsInS?: number };

async function jwt(nowMs: number, claims: Claims = {}): Promise<string> {
  const nowS = Math.floor(nowMs / 1000);
  return new SignJWT({ iss: claims.issuer ?? 'simulated-access-key' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setExpirationTime(nowS + (claims.endsInS ?? 1800))
    .setNotBefore(nowS + (claims.startsInS ?? -5))
    .sign(new TextEncoder().encode(claims.secret ?? 'simulated-secret-key-of-32-letters'));
}

const LIST = '/v1/videos/image2video';

test('a signed token and the API key both open the legacy endpoints', async (t) => {
  const { call, nowMs } = await simulate(t);
  assert.equal((await call(LIST)).httpStatus, 200);
  assert.equal((await call(LIST, { token: await jwt(nowMs()) })).httpStatus, 200);
});

test('each fault of a token has its own code', async (t) => {
  const { call, nowMs } = await simulate(t);
  const cases: [string | null, number][] = [
    [null, 1001],
    ['garbage', 1002],
    [await jwt(nowMs(), { issuer: 'somebody-else' }), 1002],
    [await jwt(nowMs(), { secret: 'another-secret-key-of-32-letters' }), 1002],
    [await jwt(nowMs(), { startsInS: 10 }), 1003],
    [await jwt(nowMs(), { startsInS: -3600, endsInS: -10 }), 1004],
  ];
  for (const [token, code] of cases) {
    const { httpStatus, body } = await call(LIST, { token });
    assert.deepEqual([httpStatus, body.code], [401, code]);
  }
  assert.equal((await call(LIST, { token: null })).body.message, 'Authorization is empty');
});

test('a token expires by the clock of the simulator', async (t) => {
  const { call, nowMs, pass } = await simulate(t);
  const token = await jwt(nowMs());
  pass(1_700_000);
  assert.equal((await call(LIST, { token })).httpStatus, 200);
  pass(110_000);
  assert.equal((await call(LIST, { token })).body.code, 1004);
});

test('a valid token is refused on the new standard', async (t) => {
  const { call, nowMs } = await simulate(t);
  const { httpStatus, body } = await call('/tasks?task_ids=1', { token: await jwt(nowMs()) });
  assert.deepEqual([httpStatus, body.code], [401, 1002]);
  assert.match(body.message, /does not support AK\/SK/);
});
