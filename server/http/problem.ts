import { STATUS_CODES } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { z } from '@hono/zod-openapi';
import { problemSchema, type Problem } from '../contract.ts';
import { AppError, errorRules } from '../errors.ts';
import type { Log } from '../jobs/runtime.ts';
import type { HttpEnv } from './env.ts';
import { routeOf } from './metrics.ts';

const unavailableRetrySeconds = 5;
const maxIssues = 20;
const maxIssueLength = 200;

/** The answer every route may give besides its own, for `createRoute`. */
export const problemAnswer = {
  default: {
    description: 'A problem, with a stable code',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
};

/** Throws `invalid_request` with one line per fault, such as `frame.x: …`. For zod-openapi's `defaultHook`. */
export function refuseInvalid(result: { success: true } | { success: false; error: z.ZodError }): void {
  if (result.success) return;
  const issues = result.error.issues
    .slice(0, maxIssues)
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message).slice(0, maxIssueLength));
  throw new AppError('invalid_request', { issues });
}

/** The one place where a fault becomes an answer. What was not expected is logged, and none of it leaves. */
export function createErrorTranslator(log: Log) {
  return (fault: Error, c: Context<HttpEnv>): Response => {
    const { incoming, outgoing } = c.env;
    const error = asAppError(fault);
    // A client that left in the middle of its own body is nobody's fault and reads no answer.
    const hasLeft = incoming.destroyed && !incoming.complete;
    if (errorRules[error.code].status >= 500 && !hasLeft)
      log.error({ requestId: c.var.requestId, route: routeOf(c), err: error.cause ?? fault }, 'request failed');
    if (outgoing.headersSent) {
      outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    return problemResponse(c, error);
  };
}

function asAppError(fault: Error): AppError {
  // What the store says about its connection arrives in the wrapping of the query library.
  for (let inner: unknown = fault; inner instanceof Error; inner = inner.cause)
    if (inner instanceof AppError) return inner;
  if (fault instanceof HTTPException) {
    if (fault.status === 415) return new AppError('unsupported_media_type');
    if (fault.status === 400) return new AppError('invalid_request', { issues: ['body: this is not JSON'] });
  }
  return new AppError('internal', {}, fault);
}

/** RFC 9457. `about:blank` because `code` says more than a second address would. */
export function problemResponse(c: Context<HttpEnv>, { code, facts }: AppError): Response {
  const { status, detail } = errorRules[code];
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status]!,
    status,
    code,
    detail,
    requestId: c.var.requestId,
    ...facts,
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  const retryAfter = facts['retryAfter'] ?? (code === 'unavailable' ? unavailableRetrySeconds : undefined);
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return c.body(JSON.stringify(problem), status, headers);
}
