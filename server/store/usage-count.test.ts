import assert from 'node:assert/strict';
import { it } from 'node:test';
import { roundedTook } from './usage-count.ts';

it('a rounded time is within one percent and half a millisecond', () => {
  for (let ms = 1; ms < 10_000_000; ms = Math.ceil(ms * 1.003)) {
    const off = Math.abs(roundedTook(ms) - ms);
    assert.ok(off <= 0.5 + ms * 0.01, `${ms} ms became ${roundedTook(ms)}`);
  }
  assert.equal(roundedTook(-5), 1);
});
