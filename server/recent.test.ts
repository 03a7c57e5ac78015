import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createRecent } from './recent.ts';

it('keeps what is used again and forgets what is not', () => {
  const recent = createRecent<number>(4);
  for (let n = 0; n < 100; n++) {
    recent.set(`new ${n}`, n);
    recent.set('often', n);
    assert.equal(recent.get('often'), n);
  }
  assert.equal(recent.get('new 99'), 99);
  assert.equal(recent.get('new 90'), undefined);
});

it('answers the newest value of a key, and none after it was deleted', () => {
  const recent = createRecent<string>(4);
  for (const value of ['first', 'second']) for (const key of ['one', 'two', 'three']) recent.set(key, value);
  assert.equal(recent.get('three'), 'second');
  recent.delete('three');
  assert.equal(recent.get('three'), undefined);
});
