import { timingSafeEqual } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { invalid, OpenAiRefusal, orderedRefusal, sendHalf, sendHtml, sendJson, sendRefusal } from './openai-answers.ts';
import { chatAnswer, saidIn, type Fields } from './openai-chat.ts';
import { moderatedTexts, moderationAnswer } from './openai-moderation.ts';

/** Everything that can be set; each default is given behind its line. */
export type OpenAiSimulatorOptions = {
  /** 0: any free port. */
  port?: number;
  /** '127.0.0.1'. */
  host?: string;
  /** 'sk-simulated-openai-key'. */
  apiKey?: string;
  /** How long an answer takes; 400 for ideas, as people expect to wait a little, and none for moderation. */
  answerMs?: number;
  /** How long `[[sim:slow]]` takes; 30000. */
  slowMs?: number;
};

/** A request as it came, for tests. */
export type SimulatedRequest = { path: string; body: Fields; httpStatus: number | null };

/** A running simulator. */
export type OpenAiSimulator = {
  /** With `/v1`, as a client wants it. */
  baseUrl: string;
  port: number;
  apiKey: string;
  /** Oldest first; the last thousand with valid credentials. */
  requests: SimulatedRequest[];
  /** Resolves when a caller leaves before its answer. */
  nextDeparture(): Promise<void>;
  close(): Promise<void>;
};

const MAX_REQUESTS = 1000;
const MAX_BODY_BYTES = 1024 * 1024;
const HUGE_BYTES = 64 * 1024 * 1024;

/**
 * Starts a double of an OpenAI-compatible server on real HTTP: chat completions with structured output, and moderation.
 * README.md lists the markers that make it misbehave. Rejects when the port is taken.
 */
export async function startOpenAiSimulator(options: OpenAiSimulatorOptions = {}): Promise<OpenAiSimulator> {
  const { port = 0, host = '127.0.0.1', apiKey = 'sk-simulated-openai-key', answerMs = 400, slowMs = 30_000 } = options;
  const requests: SimulatedRequest[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const callers = new EventEmitter();

  /** Answers later, unless the caller has left by then. */
  function later(response: ServerResponse, { ms, answer }: { ms: number; answer: () => void }): void {
    const timer = setTimeout(() => (timers.delete(timer), answer()), ms);
    timers.add(timer);
    response.once('close', () => {
      clearTimeout(timer);
      if (!response.writableFinished) callers.emit('departure');
    });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://simulator.invalid');
    admit(request, apiKey);
    const isChat = pathname === '/v1/chat/completions';
    if (request.method !== 'POST' || !(isChat || pathname === '/v1/moderations'))
      throw new OpenAiRefusal(404, {
        message: `Invalid URL (${request.method} ${pathname})`,
        code: 'unknown_url',
      });
    const body = await readFields(request);
    const entry: SimulatedRequest = { path: pathname, body, httpStatus: null };
    requests.push(entry);
    if (requests.length > MAX_REQUESTS) requests.shift();
    response.once('finish', () => (entry.httpStatus = response.statusCode));

    const said = isChat ? saidIn(body).user : moderatedTexts(body['input']).join('\n');
    const markers = new Set(Array.from(said.matchAll(/\[\[sim:([a-z0-9-]+)\]\]/g), ([, name]) => name!));
    const refusal = orderedRefusal(markers, apiKey);
    if (refusal) throw refusal;
    if (markers.has('cut')) return void response.socket?.destroy();
    if (markers.has('html')) return sendHtml(response);
    if (markers.has('huge')) return sendHuge(response);
    const answer = isChat
      ? chatAnswer(body, { markers, user: said })
      : moderationAnswer({ model: body['model'], texts: markers.has('bad-json') ? [] : moderatedTexts(body['input']) });
    if (markers.has('half')) return sendHalf(response, answer, 'cut');
    if (markers.has('stall')) return sendHalf(response, answer, 'silence');
    const ms = markers.has('slow') ? slowMs : isChat ? answerMs : 0;
    later(response, { ms, answer: () => sendJson(response, 200, answer) });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((fault: unknown) => {
      const refusal = fault instanceof OpenAiRefusal ? fault : new OpenAiRefusal(500, { message: String(fault) });
      sendRefusal(response, refusal);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;

  return {
    baseUrl: `http://${host}:${address.port}/v1`,
    port: address.port,
    apiKey,
    requests,
    nextDeparture: async () => void (await once(callers, 'departure')),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function admit(request: IncomingMessage, apiKey: string): void {
  const [, given = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
  const [left, right] = [Buffer.from(given), Buffer.from(apiKey)];
  if (left.length === right.length && timingSafeEqual(left, right)) return;
  const message = given
    ? `Incorrect API key provided: ${given.slice(0, 5)}***${given.slice(-4)}. You can find your API key in the settings.`
    : "You didn't provide an API key.";
  throw new OpenAiRefusal(401, { message, code: given ? 'invalid_api_key' : null });
}

async function readFields(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new OpenAiRefusal(413, { message: 'The request body is too large.' });
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields;
  } catch {
    // Falls through to the same refusal as a body that is JSON but no object.
  }
  throw invalid('We could not parse the JSON body of your request.');
}

/** JSON that never gets to its point. */
function sendHuge(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const piece = Buffer.alloc(64 * 1024, ' ');
  let left = HUGE_BYTES;
  const pour = () => {
    while (left > 0 && !response.destroyed) {
      left -= piece.length;
      if (!response.write(piece)) return void response.once('drain', pour);
    }
    response.end('{}');
  };
  pour();
}
