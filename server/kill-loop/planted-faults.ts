import type { Edit } from './rewrite.ts';

/**
 * Faults for `--plant`: the loop must find each of them, or it sees nothing. They live here as edits of the sources, so
 * that no server code knows of them; one that does not fit any more fails loudly when it is used.
 */
export const plantedFaults: Record<string, readonly Edit[]> = {
  /** After a crash the request simply goes out again. */
  'blind-repost': [
    {
      file: 'server/jobs/submit.ts',
      find: "if (job.sends > 0) return void (await steps.advance(job, 'confirming'));",
      put: '',
    },
  ],
  /** The request leaves before anybody wrote down that it would. */
  'no-intent': [{ file: 'server/jobs/submit.ts', find: 'sends: job.sends + 1,', put: 'sends: job.sends,' }],
  /** An answer that was lost counts as a refusal: refund while the task runs. */
  'unclear-is-failure': [
    {
      file: 'server/jobs/submit.ts',
      find: "case 'unclear':",
      put: "case 'unclear': return steps.fail(job, 'provider_failed', outcome.reason);",
    },
  ],
  /** A job can be cancelled, with its refund, while the provider works on it. */
  'cancel-without-guard': [
    { file: 'server/jobs/service.ts', find: "{ id, now, from: ['queued'] }", put: '{ id, now }' },
  ],
  /** The job is there before it is paid for. */
  'job-before-debit': [
    {
      file: 'server/jobs/service.ts',
      find: 'const debiting = store.ledger.debit(tx, {',
      put: `return inserted;
      }).then(async (inserted) => inserted && store.transaction(async (tx) => {
        const debiting = store.ledger.debit(tx, {`,
    },
    {
      file: 'server/jobs/service.ts',
      find: 'return { job: inserted, balance };\n      });',
      put: 'return { job: inserted, balance };\n      }));',
    },
  ],
  /** The failure is written first and the tokens are given back afterwards. */
  'refund-afterwards': [
    {
      file: 'server/jobs/steps.ts',
      find: "await store.ledger.refund(tx, { id: runtime.newId(), jobId: job.id, actor: 'worker', note: errorCode, now });",
      put: '',
    },
    {
      file: 'server/jobs/steps.ts',
      find: 'if (!failed) return;',
      put: `if (failed) await store.transaction((tx) =>
        store.ledger.refund(tx, { id: runtime.newId(), jobId: job.id, actor: 'worker', note: errorCode, now }));
      if (!failed) return;`,
    },
  ],
  /** Every request is an order of its own, whatever its key. */
  'no-idempotency': [
    {
      file: 'server/jobs/service.ts',
      find: 'if (earlier) return answerFor(earlier);',
      put: '',
    },
    {
      file: 'server/store/jobs.ts',
      find: '.onConflictDoNothing({ target: [jobs.accountId, jobs.idempotencyKey] })',
      put: '',
    },
    {
      file: 'server/jobs/new-job.ts',
      find: '    ...facts,\n',
      put: '    ...facts, idempotencyKey: `${facts.idempotencyKey}#${facts.id}`,\n',
    },
  ],
  /** The seller is answered before the commit. SQLite only. */
  'answer-before-commit': [
    {
      file: 'server/store/write-queue.ts',
      find: '      commit.run();\n',
      put: `      for (const outcome of outcomes) if (!('fault' in outcome)) outcome.unit.settle(outcome.value);
      await new Promise((resolve) => setTimeout(resolve, 20));
      commit.run();\n`,
    },
  ],
  /** The row says done before the file has its name. */
  'done-before-file': [
    {
      file: 'server/media/disk.ts',
      find: 'const wasThere = (await orNull(link(temporary, target)',
      put: `const isLate = target.endsWith('.mp4');
        if (isLate) {
          await mkdir(inside, { recursive: true });
          await link(temporary, temporary + '.late');
          setTimeout(() => link(temporary + '.late', target), 80);
        }
        const wasThere = isLate || (await orNull(link(temporary, target)`,
    },
    {
      file: 'server/jobs/collect.ts',
      find: 'const examined = await blobs.withFile(file.key, (path) => examine(job, path));',
      put: `const shape = { width: 180, height: 240, seconds: 5 };
      const stored = (kept: object) => ({ video: { ...kept, ...shape, contentType: 'video/mp4' } });
      const examined = { faults: [], facts: shape, stored };`,
    },
  ],
  /** A claim outlives its worker: nobody goes on after a crash. */
  'lease-without-end': [
    {
      file: 'server/jobs/job.ts',
      find: 'export const leaseMs = 2 * minutes;',
      put: 'export const leaseMs = 2 * days;',
    },
  ],
};
