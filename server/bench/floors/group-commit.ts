// Raw prepared statements, and one commit for all orders that came in meanwhile.
import { Hono } from 'hono';
import { v7 } from 'uuid';
import { openFloorDatabase } from './open-sqlite.ts';
import { serveFloor } from './serve-floor.ts';
import { price, type FloorOrder } from './tables.ts';

interface Waiting extends FloorOrder {
  key: string;
  answer(job: { id: string; balance: number } | null): void;
}

const maxGroup = 128;
const database = openFloorDatabase();
const [begin, commit] = [database.prepare('begin immediate'), database.prepare('commit')];
const savepoint = database.prepare('savepoint unit');
const release = database.prepare('release unit');
const debit = database
  .prepare('update accounts set balance = balance - ? where id = ? and balance >= ? returning balance')
  .pluck();
const addEntry = database.prepare('insert into ledger values (?, ?, ?, ?, ?, ?)');
const addJob = database.prepare('insert into jobs values (?, ?, ?, ?, ?, ?)');
const waiting: Waiting[] = [];

function order({ account, prompt, key }: Waiting): { id: string; balance: number } | null {
  const [id, now] = [v7(), Date.now()];
  savepoint.run();
  const balance = debit.get(price, account, price) as number | undefined;
  if (balance !== undefined) {
    addJob.run(id, account, key, 'pending', prompt, now);
    addEntry.run(v7(), account, id, -price, balance, now);
  }
  release.run();
  return balance === undefined ? null : { id, balance };
}

function commitGroup(): void {
  const group = waiting.splice(0, maxGroup);
  begin.run();
  const made = group.map(order);
  commit.run();
  group.forEach(({ answer }, at) => answer(made[at]!));
  if (waiting.length > 0) setImmediate(commitGroup);
}

const app = new Hono();
app.post('/jobs', async (c) => {
  const body = await c.req.json<FloorOrder>();
  const key = c.req.header('idempotency-key')!;
  const made = await new Promise<{ id: string; balance: number } | null>((answer) => {
    if (waiting.push({ ...body, key, answer }) === 1) setImmediate(commitGroup);
  });
  return made ? c.json(made, 201) : c.json({}, 402);
});
serveFloor(app);
