import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { createLoop } from './loop.ts';

describe('a loop', () => {
  const start = 1_000_000;
  let now: number;
  let rounds: number[];
  let finds: boolean;
  let faults: unknown[];
  let loop: ReturnType<typeof createLoop>;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    [now, rounds, finds, faults] = [start, [], false, []];
    const round = async () => rounds.push(now - start) > 0 && finds;
    loop = createLoop({ round, onFault: (fault) => faults.push(fault), idleMs: 500, now: () => now });
  });
  afterEach(async () => {
    await loop.stop();
    mock.timers.reset();
  });

  const settled = () => new Promise(setImmediate);
  async function pass(ms: number): Promise<void> {
    await settled();
    for (let passed = 0; passed < ms; passed++) {
      now++;
      mock.timers.tick(1);
      await settled();
    }
  }
  /** News every 5 ms, for so long. */
  async function news(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 5) {
      loop.wake();
      await pass(5);
    }
  }

  it('that nobody wakes goes round twice a second', async () => {
    loop.start();
    await pass(1_200);
    assert.deepEqual(rounds, [0, 500, 1_000]);
  });

  it('goes round at once at the first news after quiet, also after much of it', async () => {
    loop.start();
    await pass(70);
    await news(30);
    await pass(200);
    const before = rounds.length;
    loop.wake();
    await settled();
    assert.deepEqual(rounds.slice(before), [300]);
  });

  it('goes round every 100 ms while there is news that is nothing to it', async () => {
    loop.start();
    await pass(50);
    await news(450);
    assert.deepEqual(rounds, [0, 50, 55, 60, 160, 260, 360, 460]);
  });

  it('follows the news as fast as it comes while each round finds something', async () => {
    finds = true;
    loop.start();
    await news(50);
    assert.equal(rounds.length, 11);
  });

  it('does not rest when it is nudged, and a nudge is no news in vain', async () => {
    loop.start();
    await settled();
    for (let n = 0; n < 5; n++) {
      loop.wake();
      loop.nudge();
      await settled();
    }
    await pass(10);
    await news(50);
    loop.nudge();
    await settled();
    assert.deepEqual(rounds, [0, 0, 0, 0, 0, 0, 10, 15, 20, 60]);
  });

  it('goes round once more for news that came while it went', async () => {
    loop.start();
    loop.wake();
    loop.wake();
    await settled();
    assert.deepEqual(rounds, [0, 0]);
  });

  it('rests no longer when the clock is set back', async () => {
    loop.start();
    await pass(10);
    await news(15);
    const before = rounds.length;
    now -= 3_600_000;
    await news(120);
    assert.ok(rounds.length > before);
  });

  it('tells of a round that failed and goes on; stopped, it begins none', async () => {
    const goingOn = loop;
    let isFirst = true;
    loop = createLoop({
      async round() {
        rounds.push(now - start);
        if (!isFirst) return false;
        isFirst = false;
        throw new Error('the database is away');
      },
      onFault: (fault) => faults.push(fault),
      idleMs: 500,
      now: () => now,
    });
    loop.start();
    await pass(500);
    assert.deepEqual([rounds, faults.length], [[0, 500], 1]);
    await loop.stop();
    loop.nudge();
    await pass(600);
    assert.deepEqual(rounds, [0, 500]);
    await goingOn.stop();
  });
});
