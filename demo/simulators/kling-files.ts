import { createHmac, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Task, TaskStore } from './kling-tasks.ts';

/** Signs result addresses and serves them. */
export type ResultFiles = {
  /** The address of a finished task's MP4, good until `urlLifetimeMs` after the task ended. */
  urlFor(task: Task): string;
  /** Answers GET and HEAD, with Range; 403 for a wrong or expired signature. Returns the HTTP status, null if cut. */
  serve(exchange: { request: IncomingMessage; response: ServerResponse; url: URL }): Promise<number | null>;
};

type FileParts = { baseUrl: () => string; store: TaskStore; clock: () => number; urlLifetimeMs: number };

/** Result files of one simulator; the signing key lives as long as the process. */
export function createResultFiles(parts: FileParts): ResultFiles {
  const signingKey = randomBytes(32);
  const deadForNow = new WeakSet<Task>();
  const opened = new WeakSet<Task>();

  function sign(path: string, expiresAtMs: number): string {
    return createHmac('sha256', signingKey).update(`${path} ${expiresAtMs}`).digest('base64url');
  }

  return {
    urlFor(task) {
      if (task.markers.has('private-url')) return 'http://169.254.169.254/latest/meta-data/video.mp4';
      const expiresAtMs = expiry(task);
      const path = `/files/${task.id}/${task.videoId}.mp4`;
      return `${parts.baseUrl()}${path}?sig=${sign(path, expiresAtMs)}&expires=${expiresAtMs}`;
    },
    async serve({ request, response, url }) {
      const task = parts.store.findById(url.pathname.split('/')[2] ?? '');
      const expiresAtMs = Number(url.searchParams.get('expires'));
      const signed = url.searchParams.get('sig') === sign(url.pathname, expiresAtMs);
      if (task && signed && deadForNow.has(task)) opened.add(task);
      if (!task || !signed || expiresAtMs <= parts.clock()) return refuse(response, 403);
      task.downloads += 1;
      const odd = serveOddly(task, response);
      if (odd !== undefined) return odd;
      return sendFile(await task.clipPath(), { request, response, cut: isCut(task) });
    },
  };

  function expiry(task: Task): number {
    if (task.markers.has('expired-url') && !opened.has(task)) {
      deadForNow.add(task);
      return task.updatedAtMs - 1;
    }
    return task.updatedAtMs + parts.urlLifetimeMs;
  }
}

function isCut(task: Task): boolean {
  return task.markers.has('truncated-always') || (task.markers.has('truncated') && task.downloads === 1);
}

function refuse(response: ServerResponse, httpStatus: number): number {
  response.writeHead(httpStatus, { 'content-type': 'text/plain' }).end('The address is not valid or has expired.\n');
  return httpStatus;
}

/** Downloads that misbehave on demand; undefined when the task is well-behaved. */
function serveOddly(task: Task, response: ServerResponse): number | undefined {
  const { markers } = task;
  if (markers.has('download-500') && task.downloads === 1) return refuse(response, 500);
  if (markers.has('html-result')) {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Please sign in</title>');
    return 200;
  }
  if (markers.has('stalled-result')) {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 1_000_000 });
    response.write(Buffer.alloc(1000));
    return 200;
  }
  if (markers.has('huge-result')) {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 4_000_000_000 });
    const pour = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', pour);
    pour();
    return 200;
  }
  return undefined;
}

type Sending = { request: IncomingMessage; response: ServerResponse; cut: boolean };

async function sendFile(path: string, { request, response, cut }: Sending): Promise<number | null> {
  const { size } = await stat(path);
  const range = readRange(request.headers.range, size);
  const headers = { 'content-type': 'video/mp4', 'accept-ranges': 'bytes' };
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end();
    return 416;
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const httpStatus = range ? 206 : 200;
  response.writeHead(httpStatus, {
    ...headers,
    'content-length': end - start + 1,
    ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === 'HEAD') {
    response.end();
    return httpStatus;
  }
  const lastByte = cut ? start + Math.floor((end - start) / 2) : end;
  const stream = createReadStream(path, { start, end: lastByte });
  stream.pipe(response, { end: !cut });
  if (cut) stream.on('end', () => setImmediate(() => response.destroy()));
  return cut ? null : httpStatus;
}

/** One byte range (RFC 9110 §14.2); null when the header is absent or not understood, which means the whole file. */
function readRange(header: string | undefined, size: number): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const isSuffix = match[1] === '';
  const start = isSuffix ? Math.max(size - Number(match[2]), 0) : Number(match[1]);
  const end = isSuffix || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start >= size || start > end ? 'unsatisfiable' : { start, end };
}
