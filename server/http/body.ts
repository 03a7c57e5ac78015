import type { Context, MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import { giveBack } from '../media/give-back.ts';
import type { HttpEnv } from './env.ts';

const maxJsonBytes = 64 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The body as it comes in. Leaving the loop early keeps the rest readable, so that it is drained and the caller reads why. */
export function bodyChunks(c: Context<HttpEnv>): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => c.env.incoming.iterator({ destroyOnReturn: false }) };
}

/** As `bodyChunks`, for who is done with each chunk when asking for the next one: its memory is freed then. */
export async function* lentChunks(c: Context<HttpEnv>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bodyChunks(c)) {
    yield chunk;
    giveBack(chunk);
  }
}

/** Throws `code` with the fact `maxBytes` when the announced length is already too much. */
export function checkAnnouncedLength(
  c: Context<HttpEnv>,
  { maxBytes, code }: { maxBytes: number; code: 'body_too_large' | 'upload_too_large' },
): void {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw new AppError(code, { maxBytes });
}

/** The whole body, counted while it is read. Throws `body_too_large` with the fact `maxBytes`. */
export async function readBody(c: Context<HttpEnv>, maxBytes: number): Promise<Buffer> {
  checkAnnouncedLength(c, { maxBytes, code: 'body_too_large' });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bodyChunks(c)) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new AppError('body_too_large', { maxBytes });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads a JSON body of at most 64 kB for the route's validator. Throws `unsupported_media_type`,
 * `body_too_large`, `invalid_request`.
 */
export const jsonBody: MiddlewareHandler<HttpEnv> = async (c, next) => {
  if (!/^application\/json *(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new AppError('unsupported_media_type', { accepted: ['application/json'] });
  const rawBody = await readBody(c, maxJsonBytes);
  checkText(rawBody);
  // Where @hono/node-server looks first for a body that somebody has read already.
  Object.assign(c.env.incoming, { rawBody });
  return next();
};

function checkText(bytes: Buffer): void {
  try {
    const text = utf8.decode(bytes);
    // PostgreSQL keeps no NUL in a text, so neither database is given one.
    if (text.includes('\\u0000')) JSON.parse(text, refuseNul);
  } catch (fault) {
    throw fault instanceof AppError ? fault : new AppError('invalid_request', { issues: ['body: this is not JSON'] });
  }
}

function refuseNul(key: string, value: unknown): unknown {
  if (key.includes('\0') || (typeof value === 'string' && value.includes('\0')))
    throw new AppError('invalid_request', { issues: ['body: a text contains the NUL character'] });
  return value;
}
