import { rmSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { Database } from '../store/database.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { testPreset, testSite } from '../store/testing.ts';
import { fastFolder } from './clips.ts';

/** A committed job row as the database holds it: what the invariants are judged by. */
export interface JobFacts {
  id: string;
  account_id: string;
  tokens_cost: number;
  seconds: number;
  status: string;
  stage: string;
  version: number;
  due_at: number;
  lease_until: number;
  fence: number;
  failures: number;
  deadline_at: number;
  provider_account: string | null;
  external_id: string;
  provider_task_id: string | null;
  sends: number;
  send_deadline_at: number | null;
  submitted_at: number | null;
  checked_at: number | null;
  succeeded_at: number | null;
  still: string | null;
  video: string | null;
  result_url: string | null;
  error_code: string | null;
  error_message: string | null;
  expected_ms: number;
  completed_at: number | null;
  deleted_at: number | null;
}

export interface LedgerFacts {
  rowid: number;
  account_id: string;
  job_id: string | null;
  kind: 'grant' | 'debit' | 'refund' | 'correction';
  amount: number;
  balance_after: number;
}

/** All rows of all tables, as a backup would keep them. */
export type Backup = Map<string, unknown[][]>;

export const startMs = Date.UTC(2026, 10, 20, 12);

/**
 * Keeps compiled statements by their text: drizzle compiles each query anew, which is a fifth of a seed's time. What is
 * executed stays the same.
 */
function keepCompiledStatements(): void {
  const compile = SQLite.prototype.prepare;
  const kept = new WeakMap<object, Map<string, SQLite.Statement>>();
  SQLite.prototype.prepare = function prepare(this: SQLite.Database, text: string) {
    let ofConnection = kept.get(this);
    if (!ofConnection) kept.set(this, (ofConnection = new Map()));
    let statement = ofConnection.get(text);
    if (!statement) ofConnection.set(text, (statement = compile.call(this, text)));
    return statement;
  } as typeof compile;
}

/**
 * The real store on a real SQLite file, used for one seed after another, with a connection beside it that looks at what
 * is committed, takes backups and puts them back. Nothing but the simulator uses the file.
 */
export async function openBook() {
  const folder = fastFolder('kvc-book-');
  const file = join(folder, 'book.db');
  const database: Database = openSqlite(file);
  keepCompiledStatements();
  const store = createStore(database);
  await store.sites.put(testSite, startMs);
  await store.presets.addMissing(
    [testPreset, { ...testPreset, presetId: 'video-cover-10s', seconds: 10, tokensCost: 20 }],
    startMs,
  );

  const beside = new SQLite(file);
  const tables = beside
    .prepare(
      `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not like '\\_\\_%' escape '\\'`,
    )
    .pluck()
    .all() as string[];
  const triggers = beside.prepare(`select name, sql from sqlite_schema where type = 'trigger'`).all() as {
    name: string;
    sql: string;
  }[];
  const readTable = tables.map((name) => ({ name, rows: beside.prepare(`select * from ${name}`).raw() }));
  const writeTable = new Map(
    tables.map((name) => {
      const columns = beside.prepare(`select * from ${name}`).columns();
      return [name, beside.prepare(`insert into ${name} values (${columns.map(() => '?').join(', ')})`)];
    }),
  );
  const jobs = beside.prepare('select * from jobs order by id');
  const ledgerSince = beside.prepare('select rowid, * from ledger where rowid > ? order by rowid');
  const balances = beside.prepare('select id, balance from accounts');
  const sums = beside.prepare('select account_id, sum(amount) as sum from ledger group by account_id');
  const pauses = beside.prepare('select id, paused_until from provider_accounts');

  const backup = (): Backup => new Map(readTable.map(({ name, rows }) => [name, rows.all() as unknown[][]]));

  /** The ledger's triggers guard against the server; a backup is put back behind its back. */
  function restore(rows: Backup): void {
    beside.pragma('foreign_keys = OFF');
    beside.exec('BEGIN IMMEDIATE');
    for (const { name } of triggers) beside.exec(`DROP TRIGGER ${name}`);
    for (const name of tables) beside.exec(`DELETE FROM ${name}`);
    for (const [name, lines] of rows) for (const line of lines) writeTable.get(name)!.run(...line);
    for (const { sql } of triggers) beside.exec(sql);
    beside.exec('COMMIT');
  }

  const empty = backup();

  return {
    database,
    backup,
    restore,
    /** Back to presets and sites alone. */
    clear: () => restore(empty),
    jobs: () => jobs.all() as JobFacts[],
    ledgerSince: (rowid: number) => ledgerSince.all(rowid) as LedgerFacts[],
    balances: () => balances.all() as { id: string; balance: number }[],
    sums: () => sums.all() as { account_id: string; sum: number }[],
    /** A seller with one picture and so many tokens, as the HTTP layer would have made them. */
    async addSeller({ name, tokens, newId }: { name: string; tokens: number; newId: () => string }) {
      const ids = { accountId: newId(), uploadId: newId() };
      const { accountId, uploadId } = ids;
      const { tables: t } = database;
      const size = { width: 600, height: 800, bytes: 1, contentType: 'image/jpeg', sha256: '' };
      const key = `${accountId}/uploads/${uploadId}.jpg`;
      await database.transaction(async (tx) => {
        const seller = { siteId: testSite.id, userId: name };
        await store.accounts.ensureIn(tx, seller, { id: accountId, now: startMs });
        await tx
          .insert(t.uploads)
          .values({ id: uploadId, accountId, key, ...size, createdAt: startMs })
          .returning();
        const entry = { id: newId(), accountId, amount: tokens, reference: name, actor: 'simulation', now: startMs };
        if (tokens > 0) await store.ledger.grant(tx, entry);
      });
      return ids;
    },
    pausedUntil: () => (pauses.all() as { paused_until: number }[])[0]?.paused_until ?? 0,
    /** Throws when the file itself is damaged. */
    verify(): void {
      const verdict = beside.pragma('integrity_check(1)', { simple: true });
      if (verdict !== 'ok') throw new Error(`the database file is damaged: ${String(verdict)}`);
    },
    async close() {
      beside.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Book = Awaited<ReturnType<typeof openBook>>;
