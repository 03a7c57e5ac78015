import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { v7 } from 'uuid';
import { createAdmin } from '../admin/admin.ts';
import { createDayTotals } from '../jobs/day-totals.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { fillDatabase, type Filled, type Size } from './fill.ts';

const password = 'only for this run';
/** Collecting takes its time: ten weighings of a long file are enough. */
const weighEveryBytes = 2_000_000;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };

/** How a download went. */
export interface Download {
  firstByteMs: number;
  wholeMs: number;
  bytes: number;
}

/** A served admin over a filled database. */
export interface BenchOffice {
  filled: Filled;
  /** Asks for a page as a signed-in operator. Answers milliseconds until its last byte; throws when it is not shown. */
  timePage(path: string): Promise<number>;
  /** The same for a file, which is read and dropped. */
  timeDownload(path: string): Promise<Download>;
  /**
   * How many megabytes more than before the process holds at the fullest moment of a download, garbage collected; reader
   * and server are one.
   */
  weighDownload(path: string): Promise<number>;
  /** How long it took to add up the past days, as the server does it after its start. */
  addedUpMs: number;
  /** Moves the clock past what the admin keeps of earlier counts. */
  forgetCounts(): void;
  close(): Promise<void>;
}

/**
 * Fills a database in a temporary folder, adds up its past days and serves the admin over it on the loopback. `close`
 * takes all of it away.
 */
export async function openBenchOffice(size: Size): Promise<BenchOffice> {
  const folder = await mkdtemp(join(tmpdir(), 'kvc-bench-'));
  const file = join(folder, 'bench.db');
  const filled = await fillDatabase(file, size, Date.now());
  const store = createStore(openSqlite(file));
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const startedAt = performance.now();
  await createDayTotals({ store, runtime: { now }, log: quiet }).addUp();
  const addedUpMs = performance.now() - startedAt;
  const admin = createAdmin({
    store,
    runtime: {
      now,
      newId: () => v7(),
      random: Math.random,
      deadline: (ms) => AbortSignal.timeout(ms),
    },
    secret: 'a secret for the benchmark that is long enough',
    adminPassword: password,
    publicUrl: 'http://127.0.0.1',
    log: quiet,
    health: {
      examine: async () => ({ findings: [], accounts: [] }),
      accounts: [{ id: 'kling', provider: 'kling', concurrency: 5, baseUrl: 'https://api-singapore.klingai.com' }],
      dailyJobs: 0,
    },
  });
  const server = serve({ fetch: new Hono().route('/admin', admin).fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => (server.listening ? resolve() : server.once('listening', resolve)));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cookie = await signIn(address);

  async function ask(path: string): Promise<Response> {
    const answer = await fetch(`${address}${path}`, { redirect: 'manual', headers: { cookie } });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    return answer;
  }

  return {
    filled,
    addedUpMs,
    async timePage(path) {
      const start = performance.now();
      const answer = await ask(path);
      await answer.arrayBuffer();
      return performance.now() - start;
    },
    async timeDownload(path) {
      const start = performance.now();
      const answer = await ask(path);
      let [firstByteMs, bytes] = [0, 0];
      for await (const chunk of answer.body!) {
        firstByteMs ||= performance.now() - start;
        bytes += chunk.length;
      }
      return { firstByteMs, wholeMs: performance.now() - start, bytes };
    },
    async weighDownload(path) {
      const before = heldBytes();
      let [most, unweighed] = [before, 0];
      for await (const chunk of (await ask(path)).body!) {
        unweighed += chunk.length;
        if (unweighed < weighEveryBytes) continue;
        most = Math.max(most, heldBytes());
        unweighed = 0;
      }
      return (most - before) / 1e6;
    },
    forgetCounts: () => void (aheadMs += 61_000),
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function signIn(address: string): Promise<string> {
  const answer = await fetch(`${address}/admin/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ login: '', password }),
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0]!);
  if (cookies.length === 0) throw new Error(`the sign-in answered ${answer.status}`);
  return cookies.join('; ');
}
