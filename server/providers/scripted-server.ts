import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a client put on the wire. */
export interface SeenRequest {
  method: string;
  /** Path with query, as sent. */
  target: string;
  headers: IncomingHttpHeaders;
  /** Parsed JSON, or the text itself of a form; null when there was no body. */
  body: unknown;
}

/** An exact answer: text or an object to be sent as JSON; `cut` ends the connection unanswered; `hang` never answers. */
export type ScriptedAnswer =
  { status: number; body: string | object; headers?: Record<string, string> } | 'cut' | 'cut-half-way' | 'hang';

/** A real HTTP server for tests that says exactly what it is told to. */
export interface ScriptedServer {
  url: string;
  seen: SeenRequest[];
  /** Resolves when the next request has arrived whole. */
  nextRequest(): Promise<void>;
  /** Puts answers in the queue; the last one is repeated for ever. */
  script(...answers: ScriptedAnswer[]): void;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. Without a script it answers 500. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  let queue: ScriptedAnswer[] = [];
  const seen: SeenRequest[] = [];
  let arrival = Promise.withResolvers<void>();

  const server = createServer(async (request, response) => {
    const text = await readAll(request);
    const { method = '', url: target = '', headers } = request;
    const isForm = headers['content-type']?.startsWith('multipart/');
    seen.push({ method, target, headers, body: text === '' ? null : isForm ? text : JSON.parse(text) });
    arrival.resolve();
    arrival = Promise.withResolvers();
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    give(response, answer ?? { status: 500, body: 'no script' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    nextRequest: () => arrival.promise,
    script(...answers) {
      queue = answers;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

function give(response: ServerResponse, answer: ScriptedAnswer): void {
  if (answer === 'hang') return;
  if (answer === 'cut') return void response.destroy();
  if (answer === 'cut-half-way') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    return void response.write('{"code":0,', () => response.destroy());
  }
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(body);
}

/** The address of a port where nobody listens: connections to it are refused. */
export async function findDeadUrl(): Promise<string> {
  const server = await startScriptedServer();
  await server.close();
  return server.url;
}
