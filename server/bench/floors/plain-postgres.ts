// An order as a plain transaction of six round trips on `DATABASE_URL`, with as many connections as ours has.
import { Hono } from 'hono';
import pg from 'pg';
import { v7 } from 'uuid';
import { serveFloor } from './serve-floor.ts';
import { floorAccounts, floorTables, price, startBalance, type FloorOrder } from './tables.ts';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
for (const statement of floorTables) await pool.query(statement);
await pool.query('insert into accounts select n::text, $1 from generate_series(0, $2) n', [
  startBalance,
  floorAccounts - 1,
]);

const app = new Hono();
app.post('/jobs', async (c) => {
  const { account, prompt } = await c.req.json<FloorOrder>();
  const [id, now] = [v7(), Date.now()];
  const client = await pool.connect();
  try {
    await client.query('begin');
    const found = await client.query({
      name: 'balance',
      text: 'select balance from accounts where id = $1 for update',
      values: [account],
    });
    const balance = found.rows[0].balance - price;
    if (balance < 0) throw new Error('too few tokens');
    await client.query({
      name: 'debit',
      text: 'update accounts set balance = $1 where id = $2',
      values: [balance, account],
    });
    await client.query({
      name: 'job',
      text: 'insert into jobs values ($1, $2, $3, $4, $5, $6)',
      values: [id, account, c.req.header('idempotency-key'), 'pending', prompt, now],
    });
    await client.query({
      name: 'entry',
      text: 'insert into ledger values ($1, $2, $3, $4, $5, $6)',
      values: [v7(), account, id, -price, balance, now],
    });
    await client.query('commit');
    return c.json({ id, balance }, 201);
  } catch (fault) {
    await client.query('rollback');
    throw fault;
  } finally {
    client.release();
  }
});
serveFloor(app);
