import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalid, KlingRefusal } from './kling-answers.ts';
import type { Fields } from './kling-fields.ts';

/** What a client gets: an envelope, a proxy's HTML page, a cut connection, no answer at all, or bytes already sent. */
export type Answer =
  | { kind: 'success'; data: unknown }
  | { kind: 'refusal'; refusal: KlingRefusal }
  | { kind: 'html'; httpStatus: number }
  | { kind: 'cut' }
  | { kind: 'silence' }
  | { kind: 'sent'; httpStatus: number | null };

/** One line of the request log. `httpStatus` is null when no whole answer was given. */
export type LoggedRequest = {
  atMs: number;
  method: string;
  path: string;
  httpStatus: number | null;
  code: number | null;
  externalId: string | null;
  taskId: string | null;
  withAuthorization: boolean;
};

/** One request on its way through a route; `entry` may be completed by the route. */
export type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** What the route's pattern captured. */
  captured: string[];
  entry: LoggedRequest;
  /** The body as a JSON object; throws KlingRefusal 1200 when it is not one, 1201 when it is too large. */
  readFields: () => Promise<Fields>;
};

/** A route; `access` says which credentials its requests need. */
export type Route = {
  method: 'GET' | 'POST';
  pattern: RegExp;
  access: 'any key' | 'api key' | 'open';
  handle: (exchange: Exchange) => Promise<Answer> | Answer;
};

/** A simulator may run for weeks. */
const MAX_LOG_LINES = 10_000;

/** 50 MB of picture are 67 MB of base64. */
const MAX_BODY_BYTES = 80 * 1024 * 1024;

/** An HTTP server for the routes. `admit` throws KlingRefusal when a request lacks the credentials that `access` asks for. */
export function createKlingServer(parts: {
  routes: Route[];
  clock: () => number;
  log: LoggedRequest[];
  admit: (request: IncomingMessage, access: 'any key' | 'api key') => Promise<void>;
}) {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://simulator.invalid');
    const entry: LoggedRequest = {
      atMs: parts.clock(),
      method: request.method ?? 'GET',
      path: url.pathname,
      httpStatus: null,
      code: null,
      externalId: null,
      taskId: null,
      withAuthorization: request.headers.authorization !== undefined,
    };
    parts.log.push(entry);
    if (parts.log.length > MAX_LOG_LINES) parts.log.shift();
    answer({ request, response, url, entry })
      .catch((problem: unknown): Answer => {
        const refusal = problem instanceof KlingRefusal ? problem : new KlingRefusal(5000, String(problem));
        return { kind: 'refusal', refusal };
      })
      .then((given) => send(given, { response, entry }))
      .catch(() => response.destroy());
  });

  async function answer(arrived: Pick<Exchange, 'request' | 'response' | 'url' | 'entry'>): Promise<Answer> {
    const method = arrived.entry.method === 'HEAD' ? 'GET' : arrived.entry.method;
    const route = parts.routes.find((each) => each.method === method && each.pattern.test(arrived.url.pathname));
    if (!route) throw new KlingRefusal(1202, `No route for ${arrived.entry.method} ${arrived.url.pathname}`);
    if (route.access !== 'open') await parts.admit(arrived.request, route.access);
    const captured = (route.pattern.exec(arrived.url.pathname) ?? []).slice(1).map(decodeURIComponent);
    return route.handle({ ...arrived, captured, readFields: () => readFields(arrived.request) });
  }
}

async function readFields(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw invalid('The request body is too large');
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields;
  } catch {
    // Falls through to the same refusal as a body that is JSON but no object.
  }
  throw new KlingRefusal(1200, 'The request body is not valid JSON');
}

function send(given: Answer, { response, entry }: { response: ServerResponse; entry: LoggedRequest }): void {
  switch (given.kind) {
    case 'success':
      return sendEnvelope(response, { entry, httpStatus: 200, code: 0, message: 'SUCCEED', data: given.data });
    case 'refusal': {
      const { httpStatus, code, message } = given.refusal;
      return sendEnvelope(response, { entry, httpStatus, code, message });
    }
    case 'html':
      entry.httpStatus = given.httpStatus;
      response.writeHead(given.httpStatus, { 'content-type': 'text/html' });
      response.end(`<html><head><title>${given.httpStatus} Bad Gateway</title></head><body>nginx</body></html>`);
      return;
    case 'cut':
      response.socket?.destroy();
      return;
    case 'silence':
      return;
    case 'sent':
      entry.httpStatus = given.httpStatus;
  }
}

type Envelope = { entry: LoggedRequest; httpStatus: number; code: number; message: string; data?: unknown };

/** Refusals carry no `data`, as in the vendor's own sample of 1303. */
function sendEnvelope(response: ServerResponse, { entry, httpStatus, ...envelope }: Envelope): void {
  entry.httpStatus = httpStatus;
  entry.code = envelope.code;
  const { code, message, data } = envelope;
  const body = JSON.stringify({ code, message, request_id: randomUUID(), ...(data !== undefined && { data }) });
  response.writeHead(httpStatus, { 'content-type': 'application/json; charset=utf-8' }).end(body);
}
