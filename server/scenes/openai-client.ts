import { APIConnectionTimeoutError, APIError, OpenAI } from 'openai';

/** Where ideas and judgements come from: OpenAI, or any server that speaks its API. */
export interface OpenAiSettings {
  apiKey: string;
  /** Without a slash at the end. */
  baseUrl: string;
  model: string;
}

/** An answer of three ideas has some kilobytes, one of a moderation less. */
const maxAnswerBytes = 256 * 1024;

/**
 * A client that reads nothing from the environment and says nothing to the console. It never tries twice: whoever waits
 * is served sooner by what we do without an answer, and asks again by pressing the button again.
 */
export function createOpenAiClient({ apiKey, baseUrl }: OpenAiSettings, timeoutMs: number): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: baseUrl,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: timeoutMs,
    fetch: fetchLittle,
  });
}

/** Reads no more than that, and follows no redirect, which would take the key elsewhere. */
async function fetchLittle(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const answer = await fetch(input, { ...init, redirect: 'error' });
  if (!answer.body) return answer;
  let leftBytes = maxAnswerBytes;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      leftBytes -= chunk.byteLength;
      if (leftBytes >= 0) controller.enqueue(chunk);
      else controller.error(new Error(`the answer has more than ${maxAnswerBytes} bytes`));
    },
  });
  const { status, statusText, headers } = answer;
  return new Response(answer.body.pipeThrough(counter), { status, statusText, headers });
}

/** Codes that tell an operator what to do; others are a server's own words and stay out of the log. */
const knownCodes = [
  'insufficient_quota',
  'invalid_api_key',
  'invalid_json_schema',
  'model_not_found',
  'rate_limit_exceeded',
  'unsupported_parameter',
  'unsupported_value',
];

/** Why there is no answer, for the log: OpenAI's own sentence may hold a part of the key, so none of it is taken. */
export function faultFacts(fault: unknown, deadline: AbortSignal): { reason: string; status?: number; code?: string } {
  if (deadline.aborted || fault instanceof APIConnectionTimeoutError) return { reason: 'timeout' };
  if (!(fault instanceof APIError)) return { reason: fault instanceof SyntaxError ? 'unreadable' : 'broken answer' };
  if (fault.status === undefined) return { reason: 'connection' };
  const code = knownCodes.find((known) => known === fault.code);
  return { reason: 'refused', status: fault.status, ...(code && { code }) };
}
