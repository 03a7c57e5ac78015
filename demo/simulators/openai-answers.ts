import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/**
 * A request that is refused: thrown anywhere while it is handled, answered as `{error: {message, type, param, code}}`
 * (shape of developers.openai.com/api/docs/guides/error-codes, read 2026-11-20).
 */
export class OpenAiRefusal extends Error {
  readonly httpStatus: number;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;

  constructor(
    httpStatus: number,
    answer: { message: string; type?: string; code?: string | null; param?: string | null },
  ) {
    super(answer.message);
    this.httpStatus = httpStatus;
    this.type = answer.type ?? 'invalid_request_error';
    this.code = answer.code ?? null;
    this.param = answer.param ?? null;
  }
}

/** A refused value of the body. */
export function invalid(message: string, { param, code }: { param?: string; code?: string } = {}): OpenAiRefusal {
  return new OpenAiRefusal(400, { message, param: param ?? null, code: code ?? null });
}

const html = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** A refusal by marker, or null when the markers ask for none. A key in the words of 401 is a server that tells too much. */
export function orderedRefusal(markers: Set<string>, apiKey: string): OpenAiRefusal | null {
  if (markers.has('401'))
    return new OpenAiRefusal(401, { message: `Incorrect API key provided: ${apiKey}.`, code: 'invalid_api_key' });
  if (markers.has('429')) {
    const message = 'Rate limit reached for requests per min (RPM): Limit 500, Used 500, Requested 1.';
    return new OpenAiRefusal(429, { message, type: 'requests', code: 'rate_limit_exceeded' });
  }
  if (markers.has('quota')) {
    const message = 'You exceeded your current quota, please check your plan and billing details.';
    return new OpenAiRefusal(429, { message, type: 'insufficient_quota', code: 'insufficient_quota' });
  }
  if (!markers.has('500')) return null;
  const message = 'The server had an error while processing your request. Sorry about that!';
  return new OpenAiRefusal(500, { message, type: 'server_error' });
}

/** Sends JSON with the request's id, as every answer has it. */
export function sendJson(response: ServerResponse, httpStatus: number, body: unknown): void {
  const headers = { 'content-type': 'application/json', 'x-request-id': `req_${randomUUID().replaceAll('-', '')}` };
  response.writeHead(httpStatus, { ...headers, ...(httpStatus === 429 && { 'retry-after': '20' }) });
  response.end(JSON.stringify(body));
}

export function sendRefusal(response: ServerResponse, refusal: OpenAiRefusal): void {
  const { message, type, param, code } = refusal;
  sendJson(response, refusal.httpStatus, { error: { message, type, param, code } });
}

/** What a proxy in front of a dead server says. */
export function sendHtml(response: ServerResponse): void {
  response.writeHead(502, { 'content-type': 'text/html' }).end(html);
}

/** A good beginning under a full length; then the connection is cut, or says nothing more. */
export function sendHalf(response: ServerResponse, body: unknown, end: 'cut' | 'silence'): void {
  const text = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2), () => end === 'cut' && response.socket?.destroy());
}
