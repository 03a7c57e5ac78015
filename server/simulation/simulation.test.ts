import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { faultOf, runMutant } from './mutants.ts';
import { mutations } from './mutations.ts';

const seedsPerProcess = 60;

/** Every fault that the simulator promises; each must have struck in the seeds of this test. */
const faults = [
  'crash',
  'stall',
  'stall longer than a lease',
  'power cut',
  'unsynced name lost',
  'ordered stop',
  'signal lost',
  'database down',
  'commit unknown',
  'disk full',
  'restore from backup',
  'not sent',
  'request lost',
  'answer lost',
  'late landing',
  'landed after death',
  'landing after the grace',
  'duplicate id refused',
  'look-up lags',
  'question lost',
  'question answered 5xx',
  'foreign answer',
  'status flip',
  'busy',
  'account blocked',
  'task refused',
  'task failed',
  'stuck task',
  'wrong clip',
  'URL expired',
  'URL gone',
  'body cut',
  'broken body',
  'slow body',
  'result host blocked',
  'callback',
  'callback forged',
  'callback late',
  'callback lost',
  'callback repeated',
  'client answer lost',
  'double order',
  'cancel',
  'not enough tokens',
];

/** Runs `npm run simulate` with these arguments, in a process of its own as a person would. */
async function simulate(...options: string[]): Promise<{ output: string; exitCode: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { output, exitCode };
}

describe('the simulated core', { concurrency: 2 }, () => {
  it('many worlds keep every promise, and every fault struck in them', async () => {
    const halves = [1, 1 + seedsPerProcess].map((from) =>
      simulate('--seeds', String(seedsPerProcess), '--from', String(from)),
    );
    const struck = new Set<string>();
    for (const { output, exitCode } of await Promise.all(halves)) {
      assert.equal(exitCode, 0, output);
      assert.match(output, new RegExp(`^${seedsPerProcess} seeds`, 'm'));
      for (const [, fault] of output.matchAll(/^(\S.*?) {2,}\d+$/gm)) struck.add(fault!);
    }
    assert.deepEqual(
      faults.filter((fault) => !struck.has(fault)),
      [],
    );
  });

  it('a seed tells the same story in every process, and another seed another one', async () => {
    const stories = await Promise.all(['77', '77', '78'].map((seed) => simulate('--seed', seed, '--trace')));
    const [first, again, other] = stories.map(({ output }) => output);
    assert.ok(first!.length > 1_000);
    assert.equal(first, again);
    assert.notEqual(first, other);
  });
});

describe('the mutation gate', { concurrency: 2 }, () => {
  it('every planted bug still fits the code', () => {
    assert.deepEqual(mutations.map(faultOf).filter(Boolean), []);
    assert.equal(new Set(mutations.map(({ name }) => name)).size, mutations.length);
    assert.ok(mutations.length >= 15);
  });

  for (const [name, promise] of [
    // The second task stands beside the first, or lands when the job has ended.
    ['blind POST again after a crash', /^(T1|M5)$/],
    ['failure without a refund', /^M4$/],
    ['no fence', /^T5$/],
  ] as const)
    it(`a planted bug is caught: ${name}`, async () => {
      assert.match((await runMutant(name, 200)).caughtAs ?? 'nothing', promise);
    });
});
