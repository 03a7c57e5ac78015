/** The short version of `npm run node-loop`, and what nodes with one role do and leave. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createChance } from '../kill-loop/chance.ts';
import { liveThrough } from './life.ts';
import { foundTown, type Node, type Town } from './town-testing.ts';

type Trio = [Node, Node, Node];

const timeout = 220_000;

describe('three nodes behind a proxy', { timeout }, () => {
  let town: Town;
  before(async () => void (town = await foundTown()));
  after(() => town.close());

  it('start at once on an empty database, are killed and cut off, and lose, double and mix up nothing', async () => {
    const happens = ['cut', 'kill and cut'] as const;
    const report = await liveThrough({ town, chance: createChance(20_261_120), happens });
    assert.deepEqual(report.violations, []);
    assert.ok(report.jobs >= 10, `${report.jobs} jobs`);
    assert.ok(report.reconnections > 0, 'a stream was broken');
  });

  it('were migrated by one of them, and have the shipped presets once', async () => {
    const client = new pg.Client(town.databaseUrl);
    await client.connect();
    const count = async (what: string) => (await client.query<{ n: string }>(`select ${what} as n`)).rows[0]!.n;
    assert.equal(await count('(select count(*) - count(distinct hash) from drizzle.__drizzle_migrations)'), '0');
    assert.equal(await count('(select count(*) from preset_revisions where revision > 1)'), '0');
    assert.equal(await count('(select count(*) from sites)'), '1');
    await client.end();
  });

  it('tell a stream at one of them, once it can, what others did while it was cut off; and elsewhere, what it missed while it was away', async () => {
    const [first, second] = town.nodes as Trio;
    const seller = await town.hire('of-the-stream');
    const hasHeard = async () => {
      const until = Date.now() + 30_000;
      while (Date.now() < until && seller.waitsFor().length > 0) await pause(10);
      assert.deepEqual(seller.waitsFor(), [], 'heard');
    };
    const isDone = async () => {
      for (const id of seller.waitsFor()) while (!(await seller.isCompleted(id))) await pause(20);
    };
    let listening = seller.listen(first.url);
    await seller.order();
    await hasHeard();

    // The balance is read after the job: a read that fails would be made up for, gap or no gap.
    await pause(500);
    first.link.cut();
    while (town.balancer.hasHeardOf(first.port)) await pause(10);
    await seller.order();
    await isDone();
    assert.equal(seller.waitsFor().length, 1, 'nobody could tell it');
    first.link.restore();
    await hasHeard();

    seller.leave();
    await listening;
    await seller.order();
    await isDone();
    listening = seller.listen(second.url);
    await hasHeard();
    seller.leave();
    await listening;
    while (!town.balancer.hasHeardOf(first.port)) await pause(10);
    assert.deepEqual(town.diary.violations, []);
  });

  it('are restarted one after the other: not ready first, then gone; no request fails, no order is lost, streams are told when to come back', async () => {
    const seller = await town.hire('of-the-restart');
    const listening = seller.listen();
    const { healed } = town.diary;
    let isOver = false;
    const ordering = (async () => {
      while (!isOver) {
        await seller.order();
        await pause(50);
      }
    })();
    ordering.catch(() => {});
    const [first, second, third] = town.nodes as Trio;
    town.balancer.leaveOut(third.port);
    for (const [node, roles] of [
      [third, 'worker'],
      [first, 'web'],
      [second, 'web,worker'],
    ] as const) {
      const stream = await town.openStream(node.url);
      const ended = node.end('SIGTERM');
      while ((await fetch(`${node.url}/readyz`)).status === 200) await pause(5);
      const answer = await fetch(`${node.url}/healthz`);
      assert.deepEqual([answer.status, answer.headers.get('connection')], [200, 'close'], 'still answers');
      assert.match(await stream.text, /^: welcome\n[^]*: stopping\nretry: \d+\n\n$/);
      assert.equal(await ended, 0, town.printed.join('\n'));
      await node.start({ ROLES: roles });
    }
    isOver = true;
    await ordering;
    assert.equal(town.diary.healed - healed, 0, 'requests that had to be sent again');
    while (seller.waitsFor().length > 0) await pause(20);
    seller.leave();
    await listening;
    assert.deepEqual(town.diary.violations, []);
  });

  it('share the work by their roles: one answers and never calls the provider, one does all the rest and answers probes only', async () => {
    const [web, both, worker] = town.nodes as Trio;
    assert.equal(await both.end('SIGTERM'), 0);
    assert.equal(await worker.end('SIGTERM'), 0);
    const seller = await town.hire('of-the-web');
    const listening = seller.listen();
    const before = town.kling.log.length;
    await seller.order();
    await pause(500);
    assert.equal(town.kling.log.length, before, 'a web node leaves the provider alone');

    await worker.start({ ROLES: 'worker' });
    while (seller.waitsFor().length > 0) await pause(20);
    seller.leave();
    await listening;
    const status = async (at: Node, path: string) => (await fetch(at.url + path)).status;
    for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal(await status(worker, path), 200, path);
    for (const path of ['/v1/session', '/docs', '/hooks/kling/x', '/admin'])
      assert.equal(await status(worker, path), 404, path);
    assert.equal(await status(web, '/docs'), 200);
    assert.deepEqual(town.diary.violations, []);
  });
});
