import type { Book } from './book.ts';
import type { Rows } from './rows.ts';

/** What must be true of the rows alone, and of the rows beside what the clients were told. Answers sentences. */
export function auditRows(rows: Rows, book: Book): string[] {
  return [...moneyFaults(rows), ...jobFaults(rows), ...bookFaults(rows, book), ...balanceFaults(rows, book)];
}

function moneyFaults({ accounts, jobs, ledger }: Rows): string[] {
  const faults: string[] = [];
  const sums = new Map<string, number>();
  for (const { account_id: id, amount, balance_after: after } of ledger) {
    sums.set(id, (sums.get(id) ?? 0) + amount);
    if (after < 0) faults.push(`an entry of account ${id} leaves ${after}`);
  }
  for (const { id, balance } of accounts) {
    if (balance < 0) faults.push(`account ${id} has ${balance}`);
    if (balance !== (sums.get(id) ?? 0)) faults.push(`account ${id} has ${balance}, its entries say ${sums.get(id)}`);
  }
  const entries = Map.groupBy(ledger, (entry) => `${entry.job_id} ${entry.kind}`);
  for (const job of jobs) {
    const debits = entries.get(`${job.id} debit`) ?? [];
    const refunds = entries.get(`${job.id} refund`) ?? [];
    const wantedRefunds = job.status === 'failed' || job.status === 'cancelled' ? 1 : 0;
    if (debits.length !== 1) faults.push(`job ${job.id} has ${debits.length} debits`);
    if (refunds.length !== wantedRefunds) faults.push(`the ${job.status} job ${job.id} has ${refunds.length} refunds`);
    for (const { amount } of [...debits, ...refunds])
      if (Math.abs(amount) !== job.tokens_cost) faults.push(`job ${job.id} of ${job.tokens_cost} moved ${amount}`);
  }
  return faults;
}

function jobFaults({ jobs }: Rows): string[] {
  const faults: string[] = [];
  const keys = Map.groupBy(jobs, (job) => `${job.account_id} ${job.idempotency_key}`);
  for (const [key, twins] of keys) if (twins.length > 1) faults.push(`the key ${key} made ${twins.length} jobs`);
  const tasks = Map.groupBy(jobs, (job) => job.provider_task_id);
  tasks.delete(null);
  for (const [task, owners] of tasks) if (owners.length > 1) faults.push(`the task ${task} has ${owners.length} jobs`);
  for (const job of jobs) {
    if ((job.status === 'completed') !== (job.stage === 'done'))
      faults.push(`job ${job.id} is ${job.status} in ${job.stage}`);
    if ((job.status === 'completed') !== (job.video !== null))
      faults.push(`the ${job.status} job ${job.id} has ${job.video ? 'a' : 'no'} clip`);
    if (job.status === 'failed' && job.error_code === null) faults.push(`job ${job.id} failed without a reason`);
  }
  return faults;
}

/** The server must have what it confirmed, and nothing that nobody asked for. */
function bookFaults({ jobs, ledger, uploads, accounts }: Rows, book: Book): string[] {
  const faults: string[] = [];
  const byKey = new Map(jobs.map((job) => [job.idempotency_key, job]));
  for (const { key, answer, jobId, cancelled, deleted } of book.orders.values()) {
    const job = byKey.get(key);
    if (answer === 'refused' && job) faults.push(`the refused order ${key} exists as ${job.id}`);
    if (answer !== 'taken') continue;
    if (job?.id !== jobId) faults.push(`the acknowledged job ${jobId} of ${key} is ${job?.id ?? 'gone'}`);
    if (cancelled && job?.status !== 'cancelled') faults.push(`the cancelled job ${jobId} is ${job?.status}`);
    if (deleted && job?.deleted_at === null) faults.push(`the deleted job ${jobId} is shown`);
  }
  for (const job of jobs) if (!book.orders.has(job.idempotency_key)) faults.push(`job ${job.id} was never ordered`);

  const userOf = new Map(accounts.map((account) => [account.id, account.user_id]));
  const granted = Map.groupBy(
    ledger.filter(({ kind }) => kind === 'grant'),
    ({ reference }) => reference ?? '',
  );
  for (const [reference, entries] of granted) {
    const grant = book.grants.get(reference);
    const isAsked =
      grant && entries.every((entry) => entry.amount === grant.amount && userOf.get(entry.account_id) === grant.userId);
    if (entries.length !== 1 || !isAsked) faults.push(`the grant ${reference} stands there ${entries.length} times`);
  }
  for (const { reference, entryId } of book.grants.values())
    if (entryId !== undefined && granted.get(reference)?.[0]?.id !== entryId)
      faults.push(`the acknowledged grant ${reference} is gone`);

  const kept = new Set(uploads.map((upload) => upload.id));
  for (const id of book.uploads) if (!kept.has(id)) faults.push(`the acknowledged upload ${id} is gone`);
  return faults;
}

/** Grants less the prices of jobs that are not given back, reckoned without the ledger's debits and refunds. */
function balanceFaults({ accounts, jobs, ledger }: Rows, book: Book): string[] {
  const faults: string[] = [];
  const granted = new Set(ledger.map(({ reference }) => reference));
  for (const { id, user_id: userId, balance } of accounts) {
    let expected = 0;
    for (const grant of book.grants.values())
      if (grant.userId === userId && granted.has(grant.reference)) expected += grant.amount;
    for (const job of jobs)
      if (job.account_id === id && job.status !== 'failed' && job.status !== 'cancelled')
        expected -= book.orders.get(job.idempotency_key)?.price ?? 0;
    if (balance !== expected) faults.push(`${userId} has ${balance} tokens, grants less live orders are ${expected}`);
  }
  return faults;
}
