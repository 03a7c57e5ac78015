import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { createMediaTokens } from './media-token.ts';

const secret = 'a secret of thirty-two bytes, or more';
const tokens = createMediaTokens(secret);
const grant = { key: 'clips/job-1.mp4', contentType: 'video/mp4', fileName: 'обложка.mp4' };
const expiresAtMs = 1_000_000;
const token = tokens.sign({ ...grant, expiresAtMs });

test('a signed grant comes back until it expires', () => {
  assert.deepEqual(tokens.verify(token, expiresAtMs - 1), grant);
  assert.equal(tokens.verify(token, expiresAtMs), null);
  assert.equal(tokens.verify(token, Infinity), null);
});

test('a grant without a file name comes back without one', () => {
  const plain = { key: 'a.png', contentType: 'image/png' };
  assert.deepEqual(tokens.verify(tokens.sign({ ...plain, expiresAtMs }), 0), plain);
});

test('a token is safe in a URL path and compact', () => {
  assert.match(token, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{32}$/);
  assert.equal(encodeURIComponent(token), token);
  assert.ok(tokens.sign({ key: 'clips/job-1.mp4', contentType: 'video/mp4', expiresAtMs }).length < 110);
});

test('a token is the same for text and bytes of one secret, and useless under another secret', () => {
  assert.equal(createMediaTokens(new TextEncoder().encode(secret)).sign({ ...grant, expiresAtMs }), token);
  assert.equal(createMediaTokens(`${secret}!`).verify(token, 0), null);
});

test('the secret itself does not sign: the key is derived for this purpose', () => {
  const [content] = token.split('.');
  const mac = createHmac('sha256', secret).update(content!).digest().subarray(0, 24).toString('base64url');
  assert.equal(tokens.verify(`${content}.${mac}`, 0), null);
});

test('a change of any one character is refused', () => {
  for (let at = 0; at < token.length; at++)
    for (const other of ['A', 'B', '.', '=', ' ', '\n']) {
      if (token[at] === other) continue;
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      assert.equal(tokens.verify(changed, 0), null, `${at}: ${JSON.stringify(other)}`);
    }
});

test('malformed tokens are refused without an error', () => {
  const malformed = ['', '.', '..', 'a', 'a.b', `${token}.`, `${token}.x`, `${token}=`, ` ${token}`, 'ы.ы', '\0'];
  for (const text of [...malformed, token.slice(0, -1), token.repeat(100)]) assert.equal(tokens.verify(text, 0), null);
  for (const odd of [undefined, null, 5, {}, []]) assert.equal(tokens.verify(odd as never, 0), null);
});
