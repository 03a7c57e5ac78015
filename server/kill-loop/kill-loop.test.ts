/** The short version of `npm run kill-loop`: every named point once, and some moments. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChance } from './chance.ts';
import { runLoop } from './loop.ts';
import { plantedFaults } from './planted-faults.ts';
import { killPoints } from './points.ts';
import { planFor, type Plan } from './schedule.ts';
import { createWorld } from './testing.ts';

const timeout = 300_000;
const seed = 20_261_120;
const rounds = 4;
const moments = 6;

test('a server that is killed at each named point loses nothing, on SQLite', { timeout }, async () => {
  const world = await createWorld('sqlite');
  const chance = createChance(seed);
  let reached = new Map<string, number>();
  /** Traffic is not exact: a point that was not reached has another life. */
  function* plans(): Generator<Plan> {
    for (let round = 0; round < rounds; round++)
      for (const point of killPoints) if (!reached.has(point.name)) yield planFor(point, { chance, kind: 'sqlite' });
  }
  try {
    const tell = ({ byPoint }: { byPoint: Map<string, number> }) => void (reached = byPoint);
    const report = await runLoop({ world, chance, plans: plans(), kills: Infinity, tell });
    assert.deepEqual(report.violations, []);
    assert.deepEqual(
      killPoints.map(({ name }) => name).filter((name) => !reached.has(name)),
      [],
    );
    assert.ok(report.completed > 0);
  } finally {
    await world.close();
  }
});

test('a server that is killed at any moment loses nothing, on PostgreSQL', { timeout }, async () => {
  const world = await createWorld('postgres');
  const chance = createChance(seed);
  const plans = Array.from({ length: moments }, (): Plan => ({
    point: null,
    fate: null,
    afterMs: chance.between(20, 400),
  }));
  try {
    const report = await runLoop({ world, chance, plans, kills: moments, tell: () => {} });
    assert.deepEqual(report.violations, []);
    // The last one ends the calm.
    assert.equal(report.byPoint.get('moment'), moments + 1);
  } finally {
    await world.close();
  }
});

test('a refund outside the transaction of the failure does not escape the loop', { timeout }, async () => {
  const world = await createWorld('sqlite', plantedFaults['refund-afterwards']);
  const chance = createChance(seed);
  const inRefund = killPoints.find(({ name }) => name === 'K15')!;
  const plans = Array.from({ length: 8 }, () => planFor(inRefund, { chance, kind: 'sqlite' }));
  try {
    const report = await runLoop({ world, chance, plans, kills: Infinity });
    assert.match(report.violations.join('\n'), /the failed job \S+ has 0 refunds/);
  } finally {
    await world.close();
  }
});
