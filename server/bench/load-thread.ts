import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { createAnswerReader } from './answer-reader.ts';
import type { Load, LoadReport } from './load.ts';

const load = workerData as Load;
const { requests, connections, durationMs, perSecond } = load;
const warmUpMs = load.warmUpMs ?? Math.min(500, durationMs / 5);
const tickMs = 1;

const { hostname: host, port } = new URL(load.url);
const startedAt = performance.now();
const countsFrom = startedAt + warmUpMs;
const endsAt = countsFrom + durationMs;
const tookMs: number[] = [];
let fault: string | null = null;
let made = 0;

function nextRequest(): string {
  const text = requests[made++ % requests.length]!;
  return text.includes('{id}') ? text.replace('{id}', randomUUID()) : text;
}

interface Line {
  socket: Socket;
  dueAt: number;
}

const idle: Line[] = [];

function ask(line: Line, dueAt: number): void {
  line.dueAt = dueAt;
  line.socket.write(nextRequest());
}

function answered(line: Line, status: number, head: string): void {
  const now = performance.now();
  if (status >= 300) fault ??= head;
  if (now >= countsFrom && now < endsAt) tookMs.push(now - line.dueAt);
  if (now >= endsAt || fault) return;
  if (perSecond === undefined) ask(line, now);
  else idle.push(line);
}

async function open(): Promise<Line> {
  const socket = connect({ host, port: Number(port) }).setNoDelay();
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const line: Line = { socket, dueAt: 0 };
  const read = createAnswerReader((status, head) => answered(line, status, head));
  socket.on('data', read).on('error', (error) => (fault ??= error.message));
  socket.on('close', () => performance.now() < endsAt && (fault ??= 'the connection was closed'));
  return line;
}

/** Those that find no free connection wait for one, and their wait counts. */
async function pace(rate: number): Promise<void> {
  const overdue: number[] = [];
  let planned = 0;
  while (performance.now() < endsAt && !fault) {
    const now = performance.now();
    while (startedAt + (planned / rate) * 1000 <= now) overdue.push(startedAt + (planned++ / rate) * 1000);
    while (overdue.length > 0 && idle.length > 0) ask(idle.pop()!, overdue.shift()!);
    await pause(tickMs);
  }
}

const lines = await Promise.all(Array.from({ length: connections }, open));
if (perSecond === undefined) {
  for (const line of lines) ask(line, performance.now());
  while (performance.now() < endsAt && !fault) await pause(Math.min(100, Math.max(1, endsAt - performance.now())));
} else {
  idle.push(...lines);
  await pace(perSecond);
}
for (const { socket } of lines) socket.destroy();
const report: LoadReport = {
  answers: tookMs.length,
  perSecond: (tookMs.length / durationMs) * 1000,
  tookMs: Float64Array.from(tookMs),
  fault,
};
parentPort!.postMessage(report);
