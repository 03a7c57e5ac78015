/**
 * Preloaded into the server (`node --import`): edits its sources while they are loaded, so that it runs at the loop's
 * pace and dies at one named point. The process is started ahead of time and waits here, with the packages loaded, for
 * the message that says which server it is to be; it ends with the loop that started it.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { killPoints, pace } from './points.ts';
import { rewrite, type Edit } from './rewrite.ts';
import type { Order } from './server-process.ts';

const root = join(import.meta.dirname, '../..');
const packages = [
  '@hono/node-server',
  '@hono/zod-openapi',
  'better-sqlite3',
  'drizzle-orm/better-sqlite3',
  'drizzle-orm/better-sqlite3/migrator',
  'drizzle-orm/node-postgres',
  'drizzle-orm/node-postgres/migrator',
  'drizzle-orm/pg-core',
  'drizzle-orm/sqlite-core',
  'jose',
  'mediabunny',
  'pg',
  'pino',
  'prom-client',
  'sharp',
  'undici',
];

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
const [{ settings, fate, faults = [] }] = await Promise.all([
  once(process, 'message').then(([order]) => order as Order),
  ...packages.map((name) => import(name)),
]);
process.channel?.unref();
Object.assign(process.env, settings);

const wanted = fate?.point ?? '';
const point = killPoints.find(({ name }) => name === wanted);
const edits: Edit[] = [...pace, ...faults, ...(fate && point ? [point.places[fate.place]!] : [])];
const byUrl = Map.groupBy(edits, ({ file }) => pathToFileURL(join(root, file)).href);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const found = byUrl.get(url);
    if (!found) return loaded;
    return { ...loaded, source: rewrite(String(loaded.source ?? readFileSync(new URL(url), 'utf8')), found) };
  },
});

let arrivalsLeft = fate?.arrival ?? 0;
const dies = (name: string) => name === wanted && --arrivalsLeft <= 0;
const kill = () => process.kill(process.pid, 'SIGKILL');

Object.assign(globalThis, {
  killPoint(name: string) {
    if (name === 'K6') cutNextPost();
    else if (dies(name)) kill();
  },
  /** Another thread kills in the middle of `work`, which holds this one. */
  killSoon(name: string, work: () => void) {
    if (dies(name)) bell.ring();
    work();
  },
});

/** From now on the n-th create request is written to its half, and with that half out the process dies. */
function cutNextPost(): void {
  const write = Socket.prototype.write as (this: Socket, ...rest: unknown[]) => boolean;
  Socket.prototype.write = function (this: Socket, ...rest: unknown[]): boolean {
    const [chunk] = rest;
    const isCreate =
      chunk instanceof Uint8Array && chunk.length > 1_000 && Buffer.from(chunk).includes('"external_task_id"');
    if (!isCreate || !dies('K6')) return write.apply(this, rest);
    return write.call(this, chunk.subarray(0, chunk.length >> 1), kill);
  } as typeof Socket.prototype.write;
}

const bell = wanted === 'K19' ? createBell() : { ring: () => {} };

/** A thread that sleeps on shared memory: a timer of this thread would only fire when the work is over. */
function createBell() {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const delayMs = fate?.delayMs ?? 0;
  const script = `const { workerData: { shared, delayMs } } = require('node:worker_threads');
    Atomics.wait(shared, 0, 0);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
    process.kill(process.pid, 'SIGKILL');`;
  new Worker(script, { eval: true, workerData: { shared, delayMs } }).unref();
  return {
    ring() {
      Atomics.store(shared, 0, 1);
      Atomics.notify(shared, 0);
    },
  };
}
