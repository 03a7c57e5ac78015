import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { verifyKlingCallback } from './kling-callback.ts';

// The known answer of Kling's callbacks page, captured 2026-09-20.
const secret = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=';
const body =
  '{"id":"1234567890","status":"succeeded","message":"","create_time":1781080778802,"update_time":1781080794151}';
const signature = 'v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4=';
const timestamp = '1781080794';
const signedMs = 1_781_080_794_000;

function verify(change: Partial<{ secret: string; body: string; now: number; headers: Record<string, string> }> = {}) {
  const headers = { 'webhook-id': '9876543210', 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return verifyKlingCallback({
    secret: change.secret ?? secret,
    headers: { ...headers, ...change.headers },
    rawBody: new TextEncoder().encode(change.body ?? body),
    now: change.now ?? signedMs,
  });
}

test("the vendor's own example is accepted", () => {
  assert.equal(verify(), true);
});

test('one match among several signatures is enough, in any order', () => {
  const stranger = 'v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
  assert.equal(verify({ headers: { 'webhook-signature': `${stranger} ${signature}` } }), true);
  assert.equal(verify({ headers: { 'webhook-signature': `${signature} ${stranger}` } }), true);
  assert.equal(verify({ headers: { 'webhook-signature': `${stranger} ${stranger}` } }), false);
});

test('a changed body, id, time or signature is refused', () => {
  assert.equal(verify({ body: body.replace('succeeded', 'failed') }), false);
  assert.equal(verify({ body: JSON.stringify(JSON.parse(body), null, 1) }), false);
  assert.equal(verify({ headers: { 'webhook-id': '9876543211' } }), false);
  assert.equal(verify({ headers: { 'webhook-timestamp': '1781080795' } }), false);
  assert.equal(verify({ headers: { 'webhook-signature': signature.replace('v1,U', 'v1,V') } }), false);
  assert.equal(verify({ headers: { 'webhook-signature': signature.replace('v1', 'v2') } }), false);
});

test('five minutes are the limit, early and late', () => {
  assert.equal(verify({ now: signedMs + 300_000 }), true);
  assert.equal(verify({ now: signedMs - 300_000 }), true);
  assert.equal(verify({ now: signedMs + 301_000 }), false);
  assert.equal(verify({ now: signedMs - 301_000 }), false);
});

test('missing headers and a time that is no number are refused', () => {
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    assert.equal(verify({ headers: { [name]: '' } }), false, name);
  }
  assert.equal(verify({ headers: { 'webhook-timestamp': `${timestamp}x` } }), false);
  assert.equal(verifyKlingCallback({ secret, headers: {}, rawBody: new Uint8Array(), now: signedMs }), false);
});

test('an empty or unreadable secret accepts nothing', () => {
  for (const bad of ['', 'whsec_', 'whsec_***']) assert.equal(verify({ secret: bad }), false, bad);
});

test('another secret, as during a rotation, signs with its own name', () => {
  const other = 'whsec_b3RoZXJzZWNyZXRvdGhlcnNlY3JldG90aGVyc2VjcmU=';
  const signed = new Webhook(other).sign('9876543210', new Date(signedMs), body);
  assert.equal(verify({ secret: other, headers: { 'webhook-signature': signed } }), true);
  assert.equal(verify({ headers: { 'webhook-signature': signed } }), false);
});
