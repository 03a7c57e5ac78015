import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backoffMs, jobStages, nextLookMs, nextLooks, nextSweepMs, progressOf, stageSources } from './job.ts';

describe('the rules of a job', () => {
  it('no stage is entered from a later one', () => {
    for (const stage of jobStages)
      for (const source of stageSources[stage])
        assert.ok(jobStages.indexOf(source) <= jobStages.indexOf(stage), `${source} → ${stage}`);
  });

  it('progress never goes backwards from the queue to the end', () => {
    const submittedAt = 1_000_000;
    const job = { status: 'processing', submittedAt, expectedMs: 60_000 } as const;
    const course = [
      progressOf({ ...job, status: 'pending', stage: 'queued' }, submittedAt - 5_000),
      progressOf({ ...job, stage: 'submitting' }, submittedAt - 1_000),
      progressOf({ ...job, stage: 'confirming' }, submittedAt - 500),
      ...[0, 1, 10, 30, 60, 120, 3_600, 86_400].map((s) =>
        progressOf({ ...job, stage: 'generating' }, submittedAt + s * 1_000),
      ),
      progressOf({ ...job, stage: 'saving' }, submittedAt),
      progressOf({ ...job, status: 'completed', stage: 'done' }, submittedAt),
    ];
    assert.deepEqual(
      course,
      course.toSorted((a, b) => a - b),
    );
    assert.equal(course.at(0), 0);
    assert.equal(course.at(-1), 100);
  });

  it('a clock that jumps back does not make progress negative', () => {
    assert.equal(
      progressOf({ status: 'processing', stage: 'generating', submittedAt: 5_000, expectedMs: 60_000 }, 0),
      10,
    );
  });

  it('waits grow to a minute and never fall below three quarters of a second', () => {
    assert.equal(backoffMs(0, 0), 750);
    assert.equal(backoffMs(3, 0.5), 8_000);
    assert.equal(backoffMs(50, 0.999), 74_970);
  });

  it('all jobs of an account share their moments of asking', () => {
    assert.equal(nextSweepMs(12_345, 10_000), 20_000);
    assert.equal(nextSweepMs(19_999, 10_000), 20_000);
    assert.equal(nextSweepMs(20_000, 10_000), 30_000);
  });

  it('what takes long is looked at less often, at moments that all share', () => {
    const looks = nextLooks(12_345, 10_000);
    assert.deepEqual(
      looks.map(({ dueAt }) => dueAt),
      [20_000, 20_000, 40_000],
    );
    const first = (expectedMs: number) => nextLookMs(expectedMs, nextLooks(20_000, 10_000)) - 20_000;
    assert.deepEqual(
      [60_000, 160_000, 160_001, 300_000, 3_600_000].map((expectedMs) => first(expectedMs)),
      [10_000, 10_000, 20_000, 20_000, 20_000],
    );
    const all = nextLooks(0, 10_000).map(({ dueAt }) => dueAt);
    assert.ok(all.every((dueAt) => dueAt % all[0]! === 0));
  });
});
