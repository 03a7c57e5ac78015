import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assumedDemand, assumedLines, assumedProvider, knownCosts, shippedPlan } from './assumptions.ts';
import { erlangB, erlangC, idleShare, slotsFor, waitOf } from './erlang.ts';
import { breakingOrder, fullness, limitsOf, mended, type Case } from './limits.ts';
import { loadOf, slotTime } from './model.ts';
import { drawDay, seen, variationOf, waitsOnPaper } from './orders.ts';

const near = (value: number, wanted: number, tolerance: number, what = '') =>
  assert.ok(Math.abs(value - wanted) <= tolerance, `${what} ${value} is not within ${tolerance} of ${wanted}`);

/** (A^N/N! · N/(N−A)) / (that + Σ A^k/k! for k < N), everything times (N−1)! and a large whole number. */
function byDefinition(slots: bigint, erlangs: bigint): number {
  const scale = 10n ** 30n;
  const waiting = (erlangs ** slots * scale) / (slots - erlangs);
  let going = 0n;
  let term = scale;
  for (let below = 1n; below < slots; below++) term *= below;
  for (let count = 0n; count < slots; count++) {
    going += term;
    term = (term * erlangs) / (count + 1n);
  }
  return Number((waiting * scale) / (waiting + going)) / Number(scale);
}

const traffic = { slots: 20, arrivalsPerSecond: 0.25, slotSeconds: 65, variation: 1 };

describe('waiting on paper', () => {
  it('Erlang B gives the published values', () => {
    // 15 lines lose one call in a hundred at 8.108 erlangs (erlang.com, manual of the Erlang B calculator, read 2026-11-20).
    near(erlangB(15, 8.108), 0.01, 0.000_005);
    // For one in a hundred 10 erlangs need 17.44 lines, 15.7 need 24.49 (abstractmicro.com, Erlang library, read 2026-11-20).
    assert.ok(erlangB(17, 10) > 0.01 && erlangB(18, 10) < 0.01);
    assert.ok(erlangB(24, 15.7) > 0.01 && erlangB(25, 15.7) < 0.01);
  });

  it('Erlang C is its own definition, summed up in whole numbers', () => {
    // The example of many pages: 360 calls in half an hour, four minutes each, 55 agents.
    near(erlangC(55, 48), byDefinition(55n, 48n), 1e-9);
    near(erlangC(20, 17), byDefinition(20n, 17n), 1e-9);
    // In closed form: one slot is busy as often as it is asked for; two at half load 1/3; three at two erlangs 4/9.
    near(erlangC(1, 0.7), 0.7, 1e-12);
    near(erlangC(2, 1), 1 / 3, 1e-12);
    near(erlangC(3, 2), 4 / 9, 1e-12);
    near(idleShare(1, 0.3), 0.7, 1e-12);
    near(idleShare(2, 1), 1 / 3, 1e-12);
  });

  it('no more slots than needed are asked for, and no fewer', () => {
    const needed = slotsFor(traffic, 30);
    assert.ok(waitOf({ ...traffic, slots: needed }).p95Seconds <= 30);
    assert.ok(waitOf({ ...traffic, slots: needed - 1 }).p95Seconds > 30);
  });

  it('more slots never mean more waiting, more orders never less', () => {
    let before = waitOf({ ...traffic, slots: 1 });
    for (let slots = 2; slots < 60; slots++) {
      const wait = waitOf({ ...traffic, slots });
      for (const figure of ['share', 'meanSeconds', 'p95Seconds', 'queueLength'] as const)
        assert.ok(wait[figure] <= before[figure], `${figure} at ${slots} slots`);
      before = wait;
    }
    for (let orders = 0.01; orders < 0.4; orders += 0.01) {
      const wait = waitOf({ ...traffic, arrivalsPerSecond: orders });
      const more = waitOf({ ...traffic, arrivalsPerSecond: orders + 0.01 });
      assert.ok(more.meanSeconds >= wait.meanSeconds && more.queueLength >= wait.queueLength);
    }
  });

  it('a queue that more comes to than goes has no end', () => {
    assert.equal(waitOf({ ...traffic, slots: 16 }).meanSeconds, Infinity);
  });

  for (const { slots, utilisation, phases, tolerance } of [
    { slots: 5, utilisation: 0.8, phases: 1, tolerance: 0.1 },
    { slots: 5, utilisation: 0.8, phases: 16, tolerance: 0.1 },
    { slots: 20, utilisation: 0.9, phases: 1, tolerance: 0.1 },
  ])
    it(`a long run of ${slots} slots, ${phases} phases, waits as the model says, within ${tolerance * 100} %`, () => {
      const [taskSeconds, pollMs] = [60, 1_000];
      const provider = { ...assumedProvider, taskSeconds, submitSeconds: 0, pollIntervalMs: pollMs };
      const time = slotTime({ ...provider, taskVariation: variationOf(phases) });
      const arrivalsPerSecond = (utilisation * slots) / time.slotSeconds;
      const day = drawDay({ seed: 5, orders: 120_000, arrivalsPerSecond, taskSeconds, phases });
      const run = seen(day, waitsOnPaper(day, { slots, pollMs, expectedMs: taskSeconds * 1_000 }));
      const wait = waitOf({ slots, arrivalsPerSecond, ...time });
      for (const figure of ['share', 'meanSeconds', 'p95Seconds', 'queueLength'] as const)
        near(wait[figure] / run[figure], 1, tolerance, figure);
    });
});

describe('the plan', () => {
  const today: Case = {
    demand: assumedDemand,
    provider: assumedProvider,
    plan: shippedPlan,
    costs: knownCosts,
    lines: assumedLines,
  };
  const times = (growth: number): Case => ({
    ...today,
    demand: { ...assumedDemand, sellersPerDay: assumedDemand.sellersPerDay * growth },
  });

  it('more sellers put no less on anything', () => {
    const loads = [1, 2, 4].map((growth) =>
      loadOf(times(growth).demand, assumedProvider, { ...shippedPlan, slots: 60 }, knownCosts),
    );
    for (const [index, load] of loads.slice(1).entries())
      for (const [name, value] of Object.entries(load))
        if (typeof value === 'number') assert.ok(value >= Object(loads[index])[name], name);
  });

  it('what was mended is below every line, at any size', () => {
    for (const growth of [0.01, 1, 10, 100, 1_000, 10_000]) {
      const { plan } = mended(times(growth));
      for (const limit of limitsOf({ ...times(growth), plan })) assert.ok(fullness(limit) <= 1, limit.name);
    }
  });

  it('Kling’s slots end long before the server does', () => {
    const { plan } = mended(today);
    const [first, second] = breakingOrder({ ...today, plan });
    assert.match(first!.limit.name, /^Kling’s slots/);
    assert.ok(first!.growth < 2 && second!.growth > 3);
  });

  it('sellers are divided among installations only where nothing else helps', () => {
    const ways = (growth: number) => mended(times(growth)).steps.map(({ mend }) => mend.by);
    assert.ok(!ways(100).includes('division'));
    assert.ok(ways(1_000).includes('division'));
  });

  it('sellers who are divided share slots and nodes', () => {
    const { steps } = mended(times(1_000));
    const at = steps.findIndex(({ mend }) => mend.by === 'division');
    const [before, after] = [steps[at - 1]!.mend.plan, steps[at]!.mend.plan];
    for (const part of ['slots', 'webNodes', 'workerNodes'] as const)
      assert.equal(after[part], Math.ceil(before[part] / after.installations), part);
  });
});
