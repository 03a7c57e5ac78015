/** The least that an order must keep: who has what, why, and what was ordered. */
export const floorTables = [
  'create table accounts (id text primary key, balance integer not null)',
  'create table ledger (id text primary key, account_id text not null, job_id text not null, amount integer not null, balance_after integer not null, created_at bigint not null)',
  'create table jobs (id text primary key, account_id text not null, idempotency_key text not null, status text not null, prompt text not null, created_at bigint not null)',
  'create unique index jobs_idempotency on jobs (account_id, idempotency_key)',
  'create index ledger_of_account on ledger (account_id, id)',
];

export const price = 10;
export const startBalance = 1_000_000_000;

/** Accounts of the floors are called by their numbers. */
export const floorAccounts = 2_000;

/** What comes as the body of an order. */
export interface FloorOrder {
  account: string;
  prompt: string;
}
