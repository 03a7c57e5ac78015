import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditRows } from './audit-rows.ts';
import { createBook, type Order } from './book.ts';
import type { Rows } from './rows.ts';

const job = {
  id: 'job',
  account_id: 'account',
  idempotency_key: 'key',
  status: 'pending',
  stage: 'queued',
  tokens_cost: 10,
  external_id: 'kvc-job',
  provider_task_id: null,
  error_code: null,
  error_message: null,
  still: null,
  video: null,
  lease_until: 0,
  due_at: 0,
  deleted_at: null,
};
const entry = { id: 'e', account_id: 'account', job_id: null, reference: null, balance_after: 0 };
const granted = { ...entry, id: 'grant-entry', kind: 'grant', amount: 50, reference: 'payment' };
const debit = { ...entry, kind: 'debit', amount: -10, job_id: 'job' };
const refund = { ...entry, kind: 'refund', amount: 10, job_id: 'job' };

/** A sound household: a grant of 50, one queued job of 10; then the changes. */
function faultsOf(change: { rows?: Partial<Rows>; order?: Partial<Order> }): string[] {
  const book = createBook();
  const seen = { status: 'pending', stage: 'queued', progress: 0 };
  const order: Order = {
    key: 'key',
    userId: 'seller',
    prompt: '',
    price: 10,
    body: {},
    answer: 'taken',
    jobId: 'job',
    cancelled: false,
    deleted: false,
    seen,
  };
  book.orders.set('key', { ...order, ...change.order });
  book.grants.set('payment', { reference: 'payment', userId: 'seller', amount: 50, entryId: 'grant-entry' });
  const rows: Rows = {
    jobs: [job],
    ledger: [granted, debit],
    accounts: [{ id: 'account', user_id: 'seller', balance: 40 }],
    uploads: [],
  };
  return auditRows({ ...rows, ...change.rows }, book);
}

const accounts = (balance: number) => [{ id: 'account', user_id: 'seller', balance }];

test('a sound household has no faults', () => {
  assert.deepEqual(faultsOf({}), []);
});

test('an acknowledged job that is gone is a fault', () => {
  const faults = faultsOf({ rows: { jobs: [], ledger: [granted], accounts: accounts(50) } });
  assert.deepEqual(faults, ['the acknowledged job job of key is gone']);
});

test('an order that was refused and exists is a fault', () => {
  assert.deepEqual(faultsOf({ order: { answer: 'refused' } }), ['the refused order key exists as job']);
});

test('two jobs under one key are a fault', () => {
  const twin = { ...job, id: 'twin' };
  const faults = faultsOf({
    rows: { jobs: [job, twin], ledger: [granted, debit, { ...debit, job_id: 'twin' }], accounts: accounts(30) },
  });
  assert.ok(faults.includes('the key account key made 2 jobs'), faults.join('\n'));
});

test('a failed job without its refund is a fault', () => {
  const failed = { ...job, status: 'failed', error_code: 'timed_out' };
  assert.ok(faultsOf({ rows: { jobs: [failed] } }).includes('the failed job job has 0 refunds'));
});

test('a live job with a refund is a fault, although the ledger agrees with the balance', () => {
  const faults = faultsOf({ rows: { ledger: [granted, debit, refund], accounts: accounts(50) } });
  assert.deepEqual(faults, [
    'the pending job job has 1 refunds',
    'seller has 50 tokens, grants less live orders are 40',
  ]);
});

test('a job without a debit is a fault', () => {
  assert.ok(faultsOf({ rows: { ledger: [granted], accounts: accounts(50) } }).includes('job job has 0 debits'));
});

test('a balance that is not the sum of its entries is a fault', () => {
  assert.ok(faultsOf({ rows: { accounts: accounts(41) } }).includes('account account has 41, its entries say 40'));
});

test('an acknowledged grant that is gone is a fault', () => {
  const faults = faultsOf({ rows: { ledger: [debit], accounts: accounts(-10) } });
  assert.ok(faults.includes('the acknowledged grant payment is gone'), faults.join('\n'));
});

test('a job that is seen to go back is a violation', () => {
  const book = createBook();
  const order = { seen: { status: 'processing', stage: 'generating', progress: 40 } } as Order;
  book.saw(order, { id: 'job', status: 'processing', stage: 'submitting', progress: 40 });
  book.saw(order, { id: 'job', status: 'processing', stage: 'saving', progress: 39 });
  book.saw(order, { id: 'job', status: 'failed', stage: 'saving', progress: 95 });
  book.saw(order, { id: 'job', status: 'completed', stage: 'done', progress: 100 });
  assert.deepEqual(book.violations, [
    'job job went back: generating became submitting',
    'job job went back: 40 % became 39 %',
    'job job went back: failed became completed',
  ]);
});
