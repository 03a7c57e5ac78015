import { Agent, request, type Dispatcher } from 'undici';
import { cleanText } from './vendor-text.ts';

/** One answer of a service: the HTTP status, and the parsed JSON, or the text itself where it was no JSON. */
export interface HttpAnswer {
  httpStatus: number;
  body: unknown;
}

/** One request, signed and whole. */
export interface Call {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array | null;
  /** A longer answer is not read to its end and counts as cut. */
  maxAnswerBytes: number;
  signal: AbortSignal;
}

/** `not-sent`: not a byte of the request left us. `cut`: it may have arrived, but there is no whole answer. */
export type Exchanged =
  | { kind: 'answered'; answer: HttpAnswer; serverDate: string | null }
  | { kind: 'not-sent'; reason: string; errorCode: string | null }
  | { kind: 'cut'; reason: string; errorCode: string | null };

/**
 * An agent for services that are paid per request. HTTP/1.1 only: there a request is on the wire exactly when
 * `onRequestStart` has run. Idle sockets are dropped after undici's 4 s, well before common servers do, so that a POST
 * seldom meets a closing connection.
 */
export function createAgent(): Agent {
  return new Agent({ allowH2: false, connect: { timeout: 10_000 } });
}

/** Sends one request and reads its whole answer. Never rejects. */
export async function exchange(call: Call, dispatcher: Dispatcher): Promise<Exchanged> {
  const { url, method, headers, body = null, maxAnswerBytes, signal } = call;
  const start = watchStart(dispatcher);
  try {
    signal.throwIfAborted();
    const response = await orAborted(
      request(url, { dispatcher: start.dispatcher, method, headers, body, signal }),
      signal,
    );
    const text = await readText(response.body, maxAnswerBytes);
    if (text === null) {
      const reason = `HTTP ${response.statusCode}, an answer longer than ${maxAnswerBytes} bytes`;
      return { kind: 'cut', reason, errorCode: null };
    }
    const date = response.headers.date;
    const answer = { httpStatus: response.statusCode, body: parseOrText(text) };
    return { kind: 'answered', answer, serverDate: typeof date === 'string' ? date : null };
  } catch (error) {
    const kind = start.happened() ? 'cut' : 'not-sent';
    return { kind, reason: describeFault(error), errorCode: faultCode(error) };
  }
}

/**
 * Tells whether a request was ever handed to a connected socket. A list of error codes cannot: ECONNRESET comes during
 * the TLS handshake and after the POST alike. undici calls `onRequestStart` right before it writes the first byte. A
 * call that was given up before that is never written, even if its connection comes to stand later.
 */
function watchStart(dispatcher: Dispatcher) {
  let hasStarted = false;
  const watched = dispatcher.compose((dispatch) => (options, handler) => {
    const onRequestStart = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      hasStarted = true;
      onRequestStart?.(controller, context);
    };
    return dispatch(options, handler);
  });
  return { dispatcher: watched, happened: () => hasStarted };
}

/** undici heeds the signal only once it is connected; a caller must not wait for the connect timeout. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function readText(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early destroys the stream and its socket.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The fault's code, such as ECONNREFUSED; null where it has none. */
function faultCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}

/** A fault in one line, with its code. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return cleanText(String(error));
  const code = faultCode(error);
  return cleanText(code && !error.message.includes(code) ? `${code} ${error.message}` : error.message || error.name);
}
