import { Hono } from 'hono';
import { builtInLogin } from '../actor.ts';
import { auditBy } from '../audit-entry.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminEnv, AdminParts } from '../parts.ts';
import { refusedPage } from './refused.ts';

const front = '/admin/operators';

/** Ending sessions: one, or all but the one that asks. */
export function sessionRoutes({ store, runtime }: AdminParts): Hono<AdminEnv> {
  return new Hono<AdminEnv>()
    .get('/*', (c) => c.redirect(front, 303))
    .post('/end-others', async (c) => {
      await store.transaction(async (tx) => {
        const wish = { now: runtime.now(), except: c.get('session').id };
        const { length } = await store.operators.endSessions(tx, wish);
        const detail = { sessionsEnded: length };
        const entry = { ...auditBy(c, runtime), action: 'session.othersEnded', target: 'sessions', detail };
        if (length > 0) await store.auditLog.write(tx, entry);
      });
      return redirectWithNotice(c, front, 'sessionsEnded');
    })
    .post('/:id/end', async (c) => {
      const id = c.req.param('id');
      const ended = await store.transaction(async (tx) => {
        const [session] = await store.operators.endSessions(tx, { now: runtime.now(), id });
        if (!session) return false;
        const owner = session.operatorId === null ? null : await store.operators.getIn(tx, session.operatorId);
        const detail = { address: session.address, startedAt: session.createdAt };
        const entry = { ...auditBy(c, runtime), action: 'session.ended', target: owner?.login ?? builtInLogin, detail };
        await store.auditLog.write(tx, entry);
        return true;
      });
      return ended ? redirectWithNotice(c, front, 'sessionEnded') : refusedPage(c, { reason: 'notFound', status: 404 });
    });
}
