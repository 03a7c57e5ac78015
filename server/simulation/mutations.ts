/** A bug to plant: in this file, this text becomes that one. The text must be there exactly once. */
export interface Mutation {
  name: string;
  file: string;
  find: string;
  replace: string;
}

const submit = 'server/jobs/submit.ts';
const confirm = 'server/jobs/confirm.ts';
const sweep = 'server/jobs/sweep.ts';
const collect = 'server/jobs/collect.ts';
const steps = 'server/jobs/steps.ts';
const service = 'server/jobs/service.ts';
const jobs = 'server/store/jobs.ts';
const queue = 'server/store/job-queue.ts';
const disk = 'server/media/disk.ts';
const ledger = 'server/store/ledger.ts';

/** The bugs that systems of this kind are known for (reliability sheet, sections 1 and 5.2), and some of our own. */
export const mutations: Mutation[] = [
  {
    name: 'blind POST again after a crash',
    file: submit,
    find: "if (job.sends > 0) return void (await steps.advance(job, 'confirming'));",
    replace: '',
  },
  {
    name: 'blind POST again after an unclear answer',
    file: submit,
    find: "case 'exists':\n      case 'unclear':",
    replace: "case 'unclear':\n        return steps.retryLater(job, noTaskWasMade);\n      case 'exists':",
  },
  {
    name: '"already exists" taken as a failure',
    file: submit,
    find: "case 'exists':\n      case 'unclear':",
    replace:
      "case 'exists':\n        return steps.fail(job, 'provider_refused', outcome.reason);\n      case 'unclear':",
  },
  {
    name: 'no intent before the first byte',
    file: submit,
    find: 'sends: job.sends + 1,',
    replace: 'sends: job.sends,',
  },
  {
    name: 'no longer lease for the POST',
    file: submit,
    find: 'leaseUntil: deadlineAt + leaseMs,',
    replace: '',
  },
  {
    name: 'POST after a standstill',
    file: submit,
    find: 'if (leftMs <= 0) return steps.retryLater(armed, { sends: job.sends });',
    replace: '',
  },
  {
    name: 'POST again without the grace',
    file: confirm,
    find: 'if (runtime.now() < provenAt) return steps.retryLater(job, { notAfter: provenAt, told });',
    replace: '',
  },
  {
    name: '"no such task" taken as a failure',
    file: confirm,
    find: 'if (runtime.now() < provenAt) return steps.retryLater(job, { notAfter: provenAt, told });',
    replace: "if (runtime.now() < provenAt) return steps.fail(job, 'provider_failed', 'Task not found');",
  },
  {
    name: "another's task adopted",
    file: confirm,
    find: 'task.externalId !== null && task.externalId !== job.externalId',
    replace: 'false as boolean',
  },
  {
    name: 'refund on a timeout while confirming',
    file: confirm,
    find: "if (lookup.outcome === 'unclear') return steps.retryLater(job, { told });",
    replace: "if (lookup.outcome === 'unclear') return steps.fail(job, 'timed_out', 'no answer');",
  },
  {
    name: 'refund on a timeout while generating',
    file: sweep,
    find: "case 'untraceable':\n      case 'unclear':\n        await steps.retryLater(",
    replace:
      "case 'unclear':\n        if (runtime.now() > job.deadlineAt) await steps.fail(job, 'timed_out', 'no answer');\n        else await steps.retryLater(",
  },
  {
    name: 'refund on a look-up that lags',
    file: sweep,
    find: 'Math.max(job.deadlineAt, (job.submittedAt ?? 0) + absenceGraceMs)',
    replace: 'job.deadlineAt',
  },
  {
    name: 'an unknown word taken as a failure',
    file: sweep,
    find: "if (task.state === 'failed') {",
    replace: "if (task.state === 'failed' || task.state === 'unknown') {",
  },
  {
    name: 'no fence',
    file: jobs,
    find: "fence === undefined ? undefined : eq(jobs.fence, sql.placeholder('ofFence'))",
    replace: 'undefined',
  },
  {
    name: 'an ended job can be changed',
    file: jobs,
    find: '      isOpen,\n      fence === undefined',
    replace: '      fence === undefined',
  },
  {
    name: 'a trusted callback',
    file: jobs,
    find: 'dueAt: sql`case when ${wanted}',
    replace: "stage: 'saving', dueAt: sql`case when ${wanted}",
  },
  {
    name: 'a claim ignores the lease',
    file: queue,
    find: 'lte(jobs.dueAt, now), lte(jobs.leaseUntil, now))',
    replace: 'lte(jobs.dueAt, now))',
  },
  {
    name: 'slots are not counted',
    file: 'server/jobs/admit.ts',
    find: 'account.concurrency - (await store.queue.slotsUsed(tx, account.id))',
    replace: 'account.concurrency',
  },
  {
    name: 'refund without a winner',
    file: steps,
    find: 'if (!ended) return null;',
    replace: '',
  },
  {
    name: 'refund without a winner, by cancelling',
    file: service,
    find: 'if (!job) return null;',
    replace: '',
  },
  {
    name: 'failure without a refund',
    file: steps,
    find: "await store.ledger.refund(tx, { id: runtime.newId(), jobId: job.id, actor: 'worker', note: errorCode, now });",
    replace: '',
  },
  {
    name: "refund of today's price",
    file: ledger,
    find: 'amount: -debit.amount',
    replace: 'amount: 10',
  },
  {
    name: 'debit without a condition',
    file: ledger,
    find: "and(eq(accounts.id, sql.placeholder('accountId')), gte(accounts.balance, sql.placeholder('least')))",
    replace: "eq(accounts.id, sql.placeholder('accountId'))",
  },
  {
    name: 'cancelled while it is being submitted',
    file: service,
    find: "from: ['queued']",
    replace: "from: ['queued', 'submitting']",
  },
  {
    name: 'a key is taken with another request',
    file: service,
    find: 'if (job && job.requestHash !== requestHash)',
    replace: 'if (false as boolean)',
  },
  {
    name: 'a failed unit of work keeps its writes',
    file: 'server/store/write-queue.ts',
    find: 'rollbackUnit.run();',
    replace: '',
  },
  {
    name: 'published before its bytes are synced',
    file: disk,
    find: 'const syncing = handle.sync();',
    replace: 'const syncing = Promise.resolve();',
  },
  {
    name: 'answered before the name is synced',
    file: disk,
    find: 'await Promise.all(folders.map((at) => syncFolder(at)));',
    replace: '',
  },
  {
    name: 'a clip is not checked',
    file: collect,
    find: 'examined !== null && examined.faults.length === 0',
    replace: 'examined !== null',
  },
  {
    name: 'a stored clip is removed',
    file: collect,
    find: "if (done && keepResults === 'copy') return;",
    replace: '',
  },
  {
    name: 'a clip given up at an expired address',
    file: collect,
    find: "await putOff(job, account, answer.outcome === 'gone'",
    replace:
      "if (answer.outcome === 'gone') return steps.fail(job, 'result_lost', 'gone');\n    await putOff(job, account, (answer.outcome as string) === 'gone'",
  },
  {
    name: 'a clip given up at its first broken file',
    file: collect,
    find: 'if (runtime.now() > patientUntil)',
    replace: 'if (runtime.now() > job.deadlineAt)',
  },
  {
    name: 'an expired address is never renewed',
    file: collect,
    find: 'if (job.failures > 0) {',
    replace: 'if (false as boolean) {',
  },
];
