import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveBack } from './give-back.ts';

test('the memory of given back bytes is free at once', () => {
  const before = process.memoryUsage().arrayBuffers;
  const bytes = Buffer.allocUnsafeSlow(50_000_000);
  assert.ok(process.memoryUsage().arrayBuffers - before >= 50_000_000);
  giveBack(bytes);
  assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
  assert.equal(bytes.length, 0);
});

test('bytes that share their memory with others are left alone', () => {
  const whole = Buffer.from('one and two');
  const shared = Buffer.alloc(10, 'x').subarray(2, 4);
  giveBack(whole.subarray(0, 3));
  giveBack(shared);
  assert.deepEqual([whole.toString(), shared.toString()], ['one and two', 'xx']);
});
