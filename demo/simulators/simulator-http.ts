import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A parsed JSON object from a request. */
export type Fields = Record<string, unknown>;

/** A request that the vendor refuses: thrown anywhere while a request is handled, answered in the vendor's words. */
export class Refusal extends Error {
  readonly code: number;
  readonly httpStatus: number;

  constructor(answer: { code: number; httpStatus: number; message: string }) {
    super(answer.message);
    this.code = answer.code;
    this.httpStatus = answer.httpStatus;
  }
}

/** What a client gets: an envelope, a proxy's HTML page, a cut connection, no answer at all, or bytes already sent. */
export type Answer =
  | { kind: 'success'; data: unknown }
  | { kind: 'refusal'; refusal: Refusal }
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
  /** The vendor's code in the body, which may say more than the HTTP status. */
  code: number | null;
  /** The client's own name for the task, where the vendor has such a thing. */
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
  /** The body as it came; throws the vendor's refusal when it is too large. */
  readBody: () => Promise<Buffer>;
  /** The body as a JSON object; throws the vendor's refusal when it is not one, or is too large. */
  readFields: () => Promise<Fields>;
};

/** A route; `access` says which credentials its requests need, `words` replaces the server's words for it. */
export type Route = {
  method: 'GET' | 'POST';
  pattern: RegExp;
  access: 'any key' | 'api key' | 'open';
  words?: VendorWords;
  handle: (exchange: Exchange) => Promise<Answer> | Answer;
};

/** How a vendor puts an outcome into JSON, and its refusals for what no route can judge. */
export type VendorWords = {
  contentType: string;
  successCode: number;
  success: (data: unknown) => object;
  refusal: (refusal: Refusal) => object;
  noRoute: (request: string) => Refusal;
  notJson: () => Refusal;
  tooLarge: () => Refusal;
  /** A fault of the simulator itself. */
  broken: (problem: string) => Refusal;
};

/** A simulator may run for weeks. */
const MAX_LOG_LINES = 10_000;

/** 50 MB of picture are 67 MB of base64. */
const MAX_BODY_BYTES = 80 * 1024 * 1024;

/** An HTTP server for the routes. `admit` throws a Refusal when a request lacks the credentials that `access` asks for. */
export function createSimulatorServer(parts: {
  routes: Route[];
  words: VendorWords;
  clock: () => number;
  log: LoggedRequest[];
  admit: (request: IncomingMessage, route: Route) => Promise<void> | void;
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
    const method = entry.method === 'HEAD' ? 'GET' : entry.method;
    const route = parts.routes.find((each) => each.method === method && each.pattern.test(url.pathname));
    const words = route?.words ?? parts.words;
    answer({ request, response, url, entry }, { route, words })
      .catch((problem: unknown): Answer => {
        const refusal = problem instanceof Refusal ? problem : words.broken(String(problem));
        return { kind: 'refusal', refusal };
      })
      .then((given) => send(given, { response, entry, words }))
      .catch(() => response.destroy());
  });

  async function answer(
    arrived: Pick<Exchange, 'request' | 'response' | 'url' | 'entry'>,
    { route, words }: { route: Route | undefined; words: VendorWords },
  ): Promise<Answer> {
    if (!route) throw words.noRoute(`${arrived.entry.method} ${arrived.url.pathname}`);
    if (route.access !== 'open') await parts.admit(arrived.request, route);
    const captured = (route.pattern.exec(arrived.url.pathname) ?? []).slice(1).map(decodeURIComponent);
    const readBody = () => readWhole(arrived.request, words);
    return route.handle({
      ...arrived,
      captured,
      readBody,
      readFields: async () => parseFields(await readBody(), words),
    });
  }
}

async function readWhole(request: IncomingMessage, words: VendorWords): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw words.tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseFields(body: Buffer, words: VendorWords): Fields {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8') || '{}');
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Fields;
  } catch {
    // Falls through to the same refusal as a body that is JSON but no object.
  }
  throw words.notJson();
}

type Sending = { response: ServerResponse; entry: LoggedRequest; words: VendorWords };

function send(given: Answer, { response, entry, words }: Sending): void {
  switch (given.kind) {
    case 'success':
      entry.code = words.successCode;
      return sendJson(response, { entry, words, httpStatus: 200, body: words.success(given.data) });
    case 'refusal':
      entry.code = given.refusal.code;
      return sendJson(response, {
        entry,
        words,
        httpStatus: given.refusal.httpStatus,
        body: words.refusal(given.refusal),
      });
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

function sendJson(
  response: ServerResponse,
  { entry, words, httpStatus, body }: Omit<Sending, 'response'> & { httpStatus: number; body: object },
): void {
  entry.httpStatus = httpStatus;
  response.writeHead(httpStatus, { 'content-type': words.contentType }).end(JSON.stringify(body));
}
