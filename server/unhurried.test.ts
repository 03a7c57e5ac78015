import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unhurried } from './unhurried.ts';

describe('a question that may be dear', () => {
  const clock = { ms: 0 };
  const now = () => clock.ms;

  it('is asked once by all who ask while it is being answered', async () => {
    let asked = 0;
    const question = unhurried(async () => ++asked, { now });
    assert.deepEqual(await Promise.all([question(), question()]), [1, 1]);
  });

  it('is asked anew at once when its answer took no time', async () => {
    let asked = 0;
    const question = unhurried(async () => ++asked, { now });
    await question();
    assert.equal(await question(), 2);
  });

  it('rests for fifty times as long as its answer took', async () => {
    let asked = 0;
    const question = unhurried(
      async () => {
        clock.ms += 20;
        return ++asked;
      },
      { now },
    );
    await question();
    clock.ms += 999;
    assert.equal(await question(), 1);
    clock.ms += 1;
    assert.equal(await question(), 2);
  });

  it('is not asked anew within its least age', async () => {
    let asked = 0;
    const question = unhurried(async () => ++asked, { now, minAgeMs: 1_000 });
    await question();
    clock.ms += 999;
    assert.equal(await question(), 1);
    clock.ms += 1;
    assert.equal(await question(), 2);
  });

  it('is asked anew after it failed', async () => {
    let asked = 0;
    const question = unhurried(
      async () => {
        if (++asked === 1) throw new Error('no answer');
        return asked;
      },
      { now, minAgeMs: 1_000 },
    );
    await assert.rejects(question(), /no answer/);
    assert.equal(await question(), 2);
  });
});
