import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Markers } from './markers.ts';

type HttpExchange = { request: IncomingMessage; response: ServerResponse };

/** What is downloaded, and the orders of its task; `downloads` counts this one too. */
export type Download = { path: () => Promise<string>; contentType: string; markers: Markers; downloads: number };

/** Answers GET and HEAD, with Range, or misbehaves as the markers order. Returns the HTTP status, null if cut. */
export async function sendDownload({ request, response }: HttpExchange, download: Download): Promise<number | null> {
  const odd = sendOddly(response, download);
  if (odd !== undefined) return odd;
  const { markers, downloads, contentType } = download;
  const cut = markers.has('truncated-always') || (markers.has('truncated') && downloads === 1);
  return sendFile({ request, response }, { path: await download.path(), contentType, cut });
}

/** A plain refusal, as a storage host gives it. */
export function refuseDownload(response: ServerResponse, httpStatus: number): number {
  response.writeHead(httpStatus, { 'content-type': 'text/plain' }).end('The address is not valid or has expired.\n');
  return httpStatus;
}

/** Downloads that misbehave on demand; undefined when the task is well-behaved. */
function sendOddly(response: ServerResponse, { markers, downloads, contentType }: Download): number | undefined {
  if (markers.has('download-500') && downloads === 1) return refuseDownload(response, 500);
  if (markers.has('html-result')) {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Please sign in</title>');
    return 200;
  }
  if (markers.has('stalled-result')) {
    response.writeHead(200, { 'content-type': contentType, 'content-length': 1_000_000 });
    response.write(Buffer.alloc(1000));
    return 200;
  }
  if (markers.has('huge-result')) {
    response.writeHead(200, { 'content-type': contentType, 'content-length': 4_000_000_000 });
    const pour = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', pour);
    pour();
    return 200;
  }
  return undefined;
}

/** Sends a whole file or one range of it; `cut` ends the connection half-way under a full `Content-Length`. */
export async function sendFile(
  { request, response }: HttpExchange,
  { path, contentType, cut }: { path: string; contentType: string; cut: boolean },
): Promise<number | null> {
  const { size } = await stat(path);
  const range = readRange(request.headers.range, size);
  const headers = { 'content-type': contentType, 'accept-ranges': 'bytes' };
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
