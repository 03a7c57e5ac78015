import SQLite from 'better-sqlite3';
import pg from 'pg';

export interface Rows {
  jobs: Job[];
  ledger: Entry[];
  accounts: { id: string; user_id: string; balance: number }[];
  uploads: { id: string; key: string }[];
}

interface Job {
  id: string;
  account_id: string;
  idempotency_key: string;
  status: string;
  stage: string;
  tokens_cost: number;
  external_id: string;
  provider_task_id: string | null;
  error_code: string | null;
  error_message: string | null;
  still: { key: string; bytes: number } | null;
  video: { key: string; bytes: number; sha256: string } | null;
  lease_until: number;
  due_at: number;
  deleted_at: number | null;
}

interface Entry {
  id: string;
  account_id: string;
  job_id: string | null;
  kind: string;
  amount: number;
  balance_after: number;
  reference: string | null;
}

const questions = {
  jobs: `select id, account_id, idempotency_key, status, stage, tokens_cost, external_id, provider_task_id, error_code,
    error_message, still, video, lease_until, due_at, deleted_at from jobs order by id`,
  ledger: 'select id, account_id, job_id, kind, amount, balance_after, reference from ledger order by id',
  accounts: 'select id, user_id, balance from accounts',
  uploads: 'select id, key from uploads',
} satisfies Record<keyof Rows, string>;

/** The rows of one moment, read in plain SQL: the loop must not believe the server's own queries. */
export interface RowReader {
  read(): Promise<Rows>;
  /** SQLite's own look at its file: every page with `deep`. A sentence when it is damaged. */
  damage(deep: boolean): Promise<string | null>;
  close(): Promise<void>;
}

/** Opens the file anew for each reading, so that the server is the first to find it after a kill. */
export function sqliteRows(file: string): RowReader {
  function opened<T>(use: (connection: SQLite.Database) => T): T {
    const connection = new SQLite(file, { readonly: true, fileMustExist: true, timeout: 2_000 });
    try {
      return use(connection);
    } finally {
      connection.close();
    }
  }
  return {
    read: async () =>
      opened((connection) => connection.transaction(() => rowsOf((question) => connection.prepare(question).all()))()),
    damage: async (deep) =>
      opened((connection) => {
        const verdict = connection.pragma(deep ? 'integrity_check' : 'quick_check', { simple: true });
        const strays = connection.pragma('foreign_key_check') as unknown[];
        return verdict === 'ok' && strays.length === 0
          ? null
          : `${String(verdict)}, ${strays.length} foreign key faults`;
      }),
    close: async () => {},
  };
}

export async function postgresRows(url: string): Promise<RowReader> {
  const client = new pg.Client(url);
  await client.connect();
  return {
    async read() {
      await client.query('begin isolation level repeatable read read only');
      const found: Partial<Record<string, unknown[]>> = {};
      for (const question of Object.values(questions)) found[question] = (await client.query(question)).rows;
      await client.query('commit');
      return rowsOf((question) => found[question]!);
    },
    damage: async () => null,
    close: () => client.end(),
  };
}

function rowsOf(ask: (question: string) => unknown[]): Rows {
  const tables = Object.entries(questions).map(([name, question]) => [name, ask(question).map((row) => plain(row))]);
  return Object.fromEntries(tables) as Rows;
}

/** The same values from both databases: PostgreSQL gives big numbers as text, SQLite gives JSON as text. */
function plain(row: unknown): Record<string, unknown> {
  const columns = Object.entries(row as Record<string, unknown>).map(([name, value]) => {
    const isNumber = /^(tokens_cost|amount|balance|balance_after|lease_until|due_at|deleted_at)$/.test(name);
    const isJson = ['still', 'video', 'image'].includes(name) && typeof value === 'string';
    return [name, value !== null && isNumber ? Number(value) : isJson ? JSON.parse(value) : value];
  });
  return Object.fromEntries(columns) as Record<string, unknown>;
}
