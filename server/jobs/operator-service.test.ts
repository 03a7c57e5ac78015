import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { AppError, type ErrorCode } from '../errors.ts';
import { createOperatorService, type OperatorService } from './operator-service.ts';
import { startWorld, type World } from './testing.ts';

let world: World;
let operator: OperatorService;
before(async () => {
  world = await startWorld({ timeline: true });
  operator = createOperatorService(world);
});
after(() => world.close());

const deed = { actor: 'anna', note: 'the picture was fine' };
const is = (code: ErrorCode) => (fault: unknown) => fault instanceof AppError && fault.code === code;
const audits = (target: string) => world.store.auditLog.list({ target, limit: 50 });
const deeds = async (jobId: string) =>
  (await world.store.jobEvents.list({ jobId, limit: 500 })).filter(({ kind }) => kind === 'operator');

async function cancelled(tokens = 10) {
  const job = await world.order(await world.seller(tokens));
  await world.jobs.cancel(job.accountId, job.id);
  return world.read(job.id);
}

async function completed() {
  const job = await world.order(await world.seller(10));
  await world.live(120, 2);
  assert.equal((await world.read(job.id)).status, 'completed');
  return job;
}

it('a retry sent twice at once makes one job, paid once, with the same picture and prompt', async () => {
  const old = await cancelled();
  const wish = { ...deed, jobId: old.id, attempt: await operator.nextAttempt(old), payer: 'seller' as const };
  const made = await Promise.all([1, 2, 3].map(() => operator.retry(wish)));
  assert.equal(new Set(made.map(({ job }) => job.id)).size, 1);
  const { job } = made[0]!;
  assert.deepEqual(
    [job.parentId, job.uploadId, job.prompt, job.frame, job.idempotencyKey],
    [old.id, old.uploadId, old.prompt, old.frame, `operator-retry-${old.id}-1`],
  );
  assert.equal(await world.balance(old.accountId), 0);
  assert.deepEqual(
    [(await audits(old.id)).length, (await deeds(old.id)).length, (await deeds(job.id)).length],
    [1, 1, 1],
  );
  assert.equal(await operator.nextAttempt(old), 2);
  assert.deepEqual(await world.store.ledger.disagreements(), []);
});

it('free of charge, the price is added first, once, and nothing is left over', async () => {
  const old = await cancelled();
  const drained = { ...deed, accountId: old.accountId, amount: -10, reference: 'drained' };
  await operator.correct(drained);
  const wish = { ...deed, jobId: old.id, attempt: 1 };
  await assert.rejects(operator.retry({ ...wish, payer: 'seller' }), is('insufficient_tokens'));
  assert.deepEqual(await deeds(old.id), [], 'what was not made is not told');
  await Promise.all([1, 2].map(() => operator.retry({ ...wish, payer: 'house' })));
  assert.equal(await world.balance(old.accountId), 0);
  const kinds = (await world.store.ledger.list({ accountId: old.accountId, limit: 2 })).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['debit', 'correction']);
});

it('a job that goes on or is finished is not made again', async () => {
  const open = await world.order(await world.seller(20));
  const wish = { ...deed, jobId: open.id, attempt: 1, payer: 'house' as const };
  await assert.rejects(operator.retry(wish), is('forbidden'));
  await assert.rejects(operator.goodwill({ ...deed, jobId: open.id }), is('forbidden'));
  assert.equal(await world.balance(open.accountId), 10);
});

it('goodwill for a finished clip is given once, also in parallel, as a correction', async () => {
  const { id, accountId } = await completed();
  const given = await Promise.all(Array.from({ length: 5 }, () => operator.goodwill({ ...deed, jobId: id })));
  assert.equal(given.filter(({ repeated }) => !repeated).length, 1);
  assert.equal(await world.balance(accountId), 10);
  const [entry] = await world.store.ledger.list({ accountId, limit: 1 });
  assert.deepEqual([entry!.kind, entry!.reference, entry!.actor], ['correction', `goodwill-${id}`, 'anna']);
  assert.deepEqual([(await audits(id)).length, (await deeds(id)).length], [1, 1]);
  assert.equal((await world.read(id)).status, 'completed');
});

it('a failed or cancelled job gets no goodwill: its tokens are back', async () => {
  const old = await cancelled();
  await assert.rejects(operator.goodwill({ ...deed, jobId: old.id }), is('forbidden'));
  await assert.rejects(operator.goodwill({ ...deed, jobId: 'nobody' }), is('not_found'));
  assert.equal(await world.balance(old.accountId), 10);
});
