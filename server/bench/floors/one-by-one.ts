// The usual way: drizzle's query builder, and a transaction with its own commit for each order.
import { and, eq, gte, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { Hono } from 'hono';
import { v7 } from 'uuid';
import { openFloorDatabase } from './open-sqlite.ts';
import { serveFloor } from './serve-floor.ts';
import { price, type FloorOrder } from './tables.ts';

const accounts = sqliteTable('accounts', { id: text().primaryKey(), balance: integer().notNull() });
const ledger = sqliteTable('ledger', {
  id: text().primaryKey(),
  accountId: text('account_id').notNull(),
  jobId: text('job_id').notNull(),
  amount: integer().notNull(),
  balanceAfter: integer('balance_after').notNull(),
  createdAt: integer('created_at').notNull(),
});
const jobs = sqliteTable('jobs', {
  id: text().primaryKey(),
  accountId: text('account_id').notNull(),
  idempotencyKey: text('idempotency_key').notNull(),
  status: text().notNull(),
  prompt: text().notNull(),
  createdAt: integer('created_at').notNull(),
});

const db = drizzle(openFloorDatabase());
const app = new Hono();
app.post('/jobs', async (c) => {
  const { account, prompt } = await c.req.json<FloorOrder>();
  const [id, createdAt] = [v7(), Date.now()];
  const balance = db.transaction((tx) => {
    const balanceNow = sql`${accounts.balance} - ${price}`;
    const isEnough = and(eq(accounts.id, account), gte(accounts.balance, price));
    const left = tx.update(accounts).set({ balance: balanceNow }).where(isEnough).returning().get();
    if (!left) return null;
    const idempotencyKey = c.req.header('idempotency-key')!;
    tx.insert(jobs).values({ id, accountId: account, idempotencyKey, status: 'pending', prompt, createdAt }).run();
    const entry = { accountId: account, jobId: id, amount: -price, balanceAfter: left.balance, createdAt };
    tx.insert(ledger)
      .values({ id: v7(), ...entry })
      .run();
    return left.balance;
  });
  return balance === null ? c.json({}, 402) : c.json({ id, balance }, 201);
});
serveFloor(app);
