import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCallbackTokens, createSeal, deriveKey } from './secrets.ts';

const secret = 'a'.repeat(32);

describe('what is derived from SECRET', () => {
  it('a sealed text opens only under the same SECRET and unchanged', () => {
    const sealed = createSeal(secret).seal('shared secret');
    assert.ok(!Buffer.from(sealed, 'base64url').includes('shared secret'));
    assert.equal(createSeal(secret).unseal(sealed), 'shared secret');
    assert.throws(() => createSeal('b'.repeat(32)).unseal(sealed));
    assert.throws(() => createSeal(secret).unseal(`${sealed.slice(0, -2)}AA`));
  });

  it('each purpose has its own key', () => {
    assert.notDeepEqual(deriveKey(secret, 'seal'), deriveKey(secret, 'callback'));
  });

  it('a callback token names its job and cannot be made without SECRET', () => {
    const tokens = createCallbackTokens(secret);
    const token = tokens.sign('job-1');
    assert.equal(tokens.verify(token), 'job-1');
    assert.equal(tokens.verify(token.replace('job-1', 'job-2')), null);
    for (const forged of [
      '',
      'job-1',
      'job-1.',
      `${token}.x`,
      `${token.slice(0, -1)}`,
      createCallbackTokens('b'.repeat(32)).sign('job-1'),
    ])
      assert.equal(tokens.verify(forged), null, forged);
  });
});
