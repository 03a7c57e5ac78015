import { Hono } from 'hono';
import { streamSSE, type SSEStreamingApi } from 'hono/streaming';
import { getCookie } from 'hono/cookie';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import type { Sessions } from '../session.ts';
import { sessionCookie } from './sign-in.ts';

const heartbeatMs = 20_000;
const maxStreamsPerSession = 4;

/**
 * Says which job changed: an event `job` whose data is the job's id, nothing more. A stream ends with its session; one
 * that is ended early is found out at the next heartbeat. The fifth stream of a session is refused with 429, which a
 * browser takes for good: its page stays as it was loaded.
 */
export function eventStream({
  store,
  publicUrl,
  runtime,
  sessions,
  stopping,
}: AdminParts & { sessions: Pick<Sessions, 'read'> }): Hono<AdminEnv> {
  const streams = new Map<string, number>();
  const cookieName = sessionCookie(publicUrl.startsWith('https:'));

  /** Resolves when the stream is over, whoever ended it. */
  async function tell(c: AdminContext, stream: SSEStreamingApi): Promise<void> {
    const { expiresAtMs } = c.get('session');
    const cookie = getCookie(c, cookieName);
    let stop = () => {};
    await new Promise<void>((end) => {
      const heartbeat = setInterval(async () => {
        const session = await sessions.read(cookie).catch(() => null);
        if (session) await stream.write(': still here\n\n');
        else end();
      }, heartbeatMs).unref();
      const closing = setTimeout(end, Math.max(0, expiresAtMs - runtime.now())).unref();
      // After a gap the page looks anew when its next stream opens.
      const unsubscribe = store.signals.subscribe(({ jobId }) => {
        if (jobId) void stream.writeSSE({ event: 'job', data: jobId });
      }, end);
      stream.onAbort(end);
      const onStop = () => end();
      stopping?.addEventListener('abort', onStop);
      void stream.write(': welcome\nretry: 3000\n\n');
      stop = () => {
        clearInterval(heartbeat);
        clearTimeout(closing);
        unsubscribe();
        stopping?.removeEventListener('abort', onStop);
      };
    });
    stop();
  }

  return new Hono<AdminEnv>().get('/', (c) => {
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    const { id } = c.get('session');
    const open = streams.get(id) ?? 0;
    if (open >= maxStreamsPerSession) return c.text('', 429);
    streams.set(id, open + 1);
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      await tell(c, stream);
      const left = streams.get(id)! - 1;
      if (left > 0) streams.set(id, left);
      else streams.delete(id);
    });
  });
}
