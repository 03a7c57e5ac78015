import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Requests to make, again and again in their order. */
export interface Load {
  url: string;
  /** Whole requests as they go over the wire; `{id}` in them becomes a new id each time. */
  requests: string[];
  connections: number;
  durationMs: number;
  /** Evenly spaced, whatever the answers take, and timed from when they were due. Left out: as fast as they are answered. */
  perSecond?: number;
  /** Made at the beginning and not counted; default: a fifth of the duration, 500 ms at most. */
  warmUpMs?: number;
}

/** What came of it. */
export interface LoadReport {
  answers: number;
  perSecond: number;
  /** Of every counted answer, in milliseconds. */
  tookMs: Float64Array;
  /** The first answer that was no success, which makes the figures worthless. */
  fault: string | null;
}

/**
 * Makes requests from a thread of its own that writes and reads plain sockets, so that the server is what is timed and
 * not a client library. Throws when any answer was no success.
 */
export async function runLoad(load: Load): Promise<LoadReport> {
  const worker = new Worker(new URL('load-thread.ts', import.meta.url), { workerData: load });
  const [report] = (await once(worker, 'message')) as [LoadReport];
  await worker.terminate();
  if (report.fault) throw new Error(`${load.url} answered: ${report.fault}`);
  return report;
}

/** A request as text. */
export function request(path: string, { method = 'GET', token, json, headers = {} }: RequestParts = {}): string {
  const body = json === undefined ? '' : JSON.stringify(json);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    ...(token ? [`authorization: Bearer ${token}`] : []),
    ...(body ? ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`] : []),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

interface RequestParts {
  method?: string;
  token?: string;
  json?: object;
  headers?: Record<string, string>;
}
