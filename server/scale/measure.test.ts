import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compare, countsOf, otherStarts } from './compare.ts';
import { measureDay } from './measure.ts';

it('the real core starts every job at the very millisecond at which a queue on paper does', async () => {
  const orders = { seed: 2, orders: 30, arrivalsPerSecond: 4 / 65, taskSeconds: 60, phases: 4 };
  const measured = await measureDay({ ...orders, slots: 4, accounts: 2, pollMs: 10_000, sellers: 12, idleMs: 0 });
  assert.ok(measured.core.share > 0.4, 'there was a queue');
  assert.equal(otherStarts(measured), 0);
});

it('a clip costs the real core what the model says, within 10 %; rounds and their reads within 20 %', async () => {
  const compared = await compare({
    seed: 1,
    orders: 100,
    slots: 20,
    accounts: 2,
    utilisation: 0.7,
    phases: 16,
    countsIdleRounds: true,
    longOrders: 1_000,
  });
  // The run's first and last minute, with few clips in it, have rounds as well.
  const tolerance = (name: string) => (/reads|rounds/.test(name) ? 0.2 : 0.1);
  for (const { name, model, measured } of countsOf(compared))
    assert.ok(Math.abs(model / measured - 1) <= tolerance(name), `${name}: model ${model}, measured ${measured}`);
});
