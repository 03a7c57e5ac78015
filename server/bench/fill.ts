import SQLite, { type Database as Connection } from 'better-sqlite3';
import { v7 } from 'uuid';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { createChance, eventsOf, jobOf, shippedPreset, type Chance } from './rows.ts';

/** How much a database of the benchmark holds. */
export interface Size {
  jobs: number;
  accounts: number;
  /** Over how long the jobs were made, in days; default: 30. */
  days?: number;
}

/** Ids that the pages are asked for. */
export interface Filled {
  jobId: string;
  externalId: string;
  taskId: string;
  accountId: string;
  userId: string;
  endpointId: string;
  /** The second-last full day, such as `2026-11-18`. */
  day: string;
  /** The first and the last day. */
  span: [from: string, to: string];
}

const dayMs = 86_400_000;
/** One in so many is of the rare kind, whose rows all lie at the oldest end: the worst place for a list. */
const rareOneIn = 1_000;
const granted = 1_000_000;

/**
 * Makes a SQLite file of the real schema at `file` and fills it with days that end at `now`. Sites, presets and
 * endpoints go in through the store, the many rows past it, with the same columns, in one transaction.
 */
export async function fillDatabase(file: string, { jobs, accounts, days = 30 }: Size, now: number): Promise<Filled> {
  const spanMs = days * dayMs;
  await fillFew(file, now - spanMs);
  const connection = new SQLite(file);
  try {
    // Nobody needs what a power cut leaves half of; the server takes the file back to its own mode.
    connection.pragma('journal_mode = OFF');
    connection.pragma('synchronous = OFF');
    connection.pragma('cache_size = -2000000');
    connection.exec('begin');
    const filled = fillMany(connection, { jobs, accounts, spanMs, now });
    connection.exec('commit');
    return filled;
  } finally {
    connection.close();
  }
}

/**
 * Adds so many jobs that the provider works on and that are all to be looked at by and by, of one seller. Answers their
 * task ids, oldest first.
 */
export function addOpenJobs(file: string, { count, now }: { count: number; now: number }): string[] {
  const connection = new SQLite(file);
  try {
    connection.pragma('synchronous = OFF');
    connection.exec('begin');
    const insert = createInsert(connection);
    const chance = createChance();
    const accountId = connection.prepare('select id from accounts limit 1').pluck().get() as string;
    const taskIds: string[] = [];
    for (let n = 0; n < count; n++) {
      const job = jobOf({ accountId, createdAt: now, isRare: false, isOpen: true, chance });
      const times = { dueAt: now, submittedAt: now, deadlineAt: now + dayMs, completedAt: null };
      insert('jobs', { ...job, ...times, stage: 'generating', status: 'processing', errorCode: null });
      taskIds.push(job.providerTaskId!);
    }
    connection.exec('commit');
    return taskIds;
  } finally {
    connection.close();
  }
}

async function fillFew(file: string, at: number): Promise<void> {
  const store = createStore(openSqlite(file));
  const site = { audience: 'covers', sealedJwtSecret: 'x', jwksUrl: null, maxTokenSeconds: 900 };
  for (const id of ['panel', 'second', 'dormant'])
    await store.sites.put({ ...site, id, issuer: id, name: id, origins: [], apiKeyHash: null }, at);
  await store.presets.addMissing(
    ['video-cover', 'video-cover-10', 'rare'].map((presetId, n) => ({ ...shippedPreset, presetId, position: n })),
    at,
  );
  await store.transaction(async (tx) => {
    for (const name of ['busy', 'quiet'])
      await store.webhooks.addEndpoint(tx, {
        id: v7({ msecs: at }),
        siteId: 'panel',
        url: `https://host.example/${name}`,
        sealedSecret: 'x',
        sealedNextSecret: null,
        events: ['job.completed'],
        enabled: false,
        createdAt: at,
        updatedAt: at,
      });
  });
  await store.close();
}

interface Seller {
  id: string;
  userId: string;
  balance: number;
}

interface Amount extends Size {
  spanMs: number;
  now: number;
}

function fillMany(connection: Connection, { jobs, accounts, spanMs, now }: Amount): Filled {
  const chance = createChance();
  const start = now - spanMs;
  const insert = createInsert(connection);
  const sellers = fillSellers(insert, { accounts, at: start });
  const endpoints = connection.prepare('select id from webhook_endpoints order by url').pluck().all() as string[];
  const rareUntil = Math.ceil(jobs / rareOneIn);
  let filled: Filled | undefined;
  for (let n = 0; n < jobs; n++) {
    const createdAt = Math.floor(start + (n / jobs) * spanMs);
    const isRare = n < rareUntil;
    const seller = isRare ? sellers[0]! : sellers[1 + Math.floor(chance() * (accounts - 1))]!;
    const job = jobOf({ accountId: seller.id, createdAt, isRare, isOpen: n >= jobs - 10, chance });
    insert('jobs', job);
    fillLedger(insert, { job, seller });
    if (n % 10 === 0) for (const event of eventsOf(job)) insert('job_events', event);
    if (n % 2 === 0) insert('webhook_deliveries', deliveryOf(job, endpoints[isRare ? 1 : 0]!));
    if (n % 20 === 0) insert('audit_log', auditOf(job, chance));
    if (n === Math.floor(jobs / 2))
      filled = {
        jobId: job.id,
        externalId: job.externalId,
        taskId: job.providerTaskId ?? '',
        accountId: seller.id,
        userId: seller.userId,
        endpointId: endpoints[1]!,
        day: isoDay(now - 2 * dayMs),
        span: [isoDay(start), isoDay(now)],
      };
  }
  const balance = connection.prepare('update accounts set balance = ? where id = ?');
  for (const seller of sellers) balance.run(seller.balance, seller.id);
  return filled!;
}

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

type Insert = (table: string, row: object) => void;

/** Column names become snake_case, as in the schema; one prepared statement for each table. */
function createInsert(connection: Connection): Insert {
  const statements = new Map<string, SQLite.Statement>();
  return function insert(table, row) {
    let statement = statements.get(table);
    if (!statement) {
      const columns = Object.keys(row).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
      const places = columns.map(() => '?').join(', ');
      statement = connection.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`);
      statements.set(table, statement);
    }
    const values = Object.values(row) as unknown[];
    statement.run(
      values.map((value) => {
        if (typeof value === 'boolean') return Number(value);
        return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
      }),
    );
  };
}

function fillSellers(insert: Insert, { accounts, at }: { accounts: number; at: number }): Seller[] {
  return Array.from({ length: accounts }, (_, n) => {
    const siteId = n === 0 ? 'dormant' : n % 10 === 0 ? 'second' : 'panel';
    const seller = { id: v7({ msecs: at, seq: n }), userId: `seller-${n}`, balance: granted };
    const { id, userId } = seller;
    insert('accounts', { id, siteId, userId, name: `Shop ${n}`, locale: 'ru', balance: granted, createdAt: at });
    const entry = { jobId: null, kind: 'grant', amount: granted, balanceAfter: granted, reference: `start-${n}` };
    insert('ledger', { id: v7({ msecs: at, seq: n }), accountId: id, ...entry, actor: 'host', createdAt: at });
    return seller;
  });
}

function fillLedger(insert: Insert, { job, seller }: { job: ReturnType<typeof jobOf>; seller: Seller }): void {
  const isLost = job.status === 'failed' || job.status === 'cancelled';
  const moves = [
    { kind: 'debit', amount: -job.tokensCost, at: job.createdAt },
    ...(isLost ? [{ kind: 'refund', amount: job.tokensCost, at: job.updatedAt }] : []),
  ];
  for (const { kind, amount, at } of moves) {
    seller.balance += amount;
    const entry = { jobId: job.id, kind, amount, balanceAfter: seller.balance, reference: null };
    insert('ledger', { id: v7({ msecs: at }), accountId: seller.id, ...entry, actor: 'worker', createdAt: at });
  }
}

function deliveryOf({ id: jobId, accountId, updatedAt: at }: ReturnType<typeof jobOf>, endpointId: string) {
  const id = v7({ msecs: at });
  const message = { messageId: `msg_${id}`, event: 'job.completed', payload: { accountId, jobId } };
  const times = { dueAt: at, leaseUntil: 0, deadlineAt: at, createdAt: at, updatedAt: at };
  return { id, endpointId, ...message, status: 'delivered', attempts: 1, ...times, lastStatus: 200, lastError: null };
}

function auditOf({ accountId, createdAt }: ReturnType<typeof jobOf>, chance: Chance) {
  const actor = chance() < 0.9 ? 'admin' : 'second';
  return {
    id: v7({ msecs: createdAt }),
    at: createdAt,
    actor,
    action: 'account.granted',
    target: accountId,
    detail: {},
  };
}
