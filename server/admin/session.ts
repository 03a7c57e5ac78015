import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../secrets.ts';
import type { Tx } from '../store/database.ts';
import type { OwnedSession } from '../store/operators.ts';
import type { OperatorRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { builtInLogin, type Operator } from './actor.ts';

/** A signed-in browser and whose it is. */
export interface Session {
  /** Not the cookie: that is kept nowhere. */
  id: string;
  /** Null: signed in with ADMIN_PASSWORD. */
  operatorId: string | null;
  operator: Operator;
  /** Epoch milliseconds. */
  expiresAtMs: number;
}

export const sessionSeconds = 8 * 60 * 60;
const cookieForm = /^[\w-]{43}$/;
const tagLength = 16;
const maxAddressLength = 64;
const maxUserAgentLength = 256;

/**
 * Sessions as rows that every node reads: ended on one, a session is over on all. The cookie is random; its row is
 * found by a digest of it behind a tag of the key that the session hangs on, so a new SECRET ends all sessions and a new
 * ADMIN_PASSWORD those that were begun with the old one.
 */
export function createSessions({
  store,
  secret,
  adminPassword,
  now,
}: {
  store: Pick<Store, 'operators'>;
  secret: string;
  adminPassword: string;
  now: () => number;
}) {
  const digestOf = (text: string) => createHmac('sha256', deriveKey(secret, 'admin-password')).update(text).digest();
  const password = digestOf(adminPassword);
  const tagOf = (...parts: (string | Buffer)[]) => {
    const tag = createHmac('sha256', deriveKey(secret, 'admin-session'));
    for (const part of parts) tag.update(part);
    return tag.digest('hex').slice(0, tagLength);
  };
  const tags = { builtIn: tagOf('built-in', password), named: tagOf('named') };
  const formKey = deriveKey(secret, 'admin-form');
  const idOf = (kind: keyof typeof tags, cookie: string) =>
    `${tags[kind]}.${createHash('sha256').update(cookie).digest('hex')}`;
  const tokenOf = (session: Session) => createHmac('sha256', formKey).update(session.id).digest();

  /** Null for a row whose key is gone, or whose operator was disabled. */
  function sessionOf({ session, operator }: OwnedSession): Session | null {
    const kind = session.operatorId === null ? 'builtIn' : 'named';
    if (!session.id.startsWith(`${tags[kind]}.`)) return null;
    if (kind === 'named' && (!operator || operator.disabledAt !== null)) return null;
    const who: Operator = operator
      ? { login: operator.login, role: operator.role }
      : { login: builtInLogin, role: 'owner' };
    return { id: session.id, operatorId: session.operatorId, operator: who, expiresAtMs: session.expiresAt };
  }

  return {
    /** Whether this is ADMIN_PASSWORD. Compares fixed-length digests in constant time. */
    isPassword: (given: string): boolean => timingSafeEqual(digestOf(given), password),

    /**
     * A new session's cookie value; `operator` is null for ADMIN_PASSWORD. Null when the operator was disabled or got
     * another password since it was read.
     */
    async start(
      tx: Tx,
      { operator, address, userAgent }: { operator: OperatorRow | null; address: string; userAgent: string },
    ): Promise<string | null> {
      const cookie = randomBytes(32).toString('base64url');
      const at = now();
      const session = {
        id: idOf(operator ? 'named' : 'builtIn', cookie),
        address: address.slice(0, maxAddressLength),
        userAgent: userAgent.slice(0, maxUserAgentLength),
        createdAt: at,
        expiresAt: at + sessionSeconds * 1000,
      };
      await store.operators.removeExpiredSessions(tx, at);
      return (await store.operators.startSession(tx, session, operator)) ? cookie : null;
    },

    /** Null for a cookie that is absent, made up, expired or ended, of another password or of a disabled operator. */
    async read(cookie: string | undefined): Promise<Session | null> {
      if (!cookie || !cookieForm.test(cookie)) return null;
      const ids = [idOf('builtIn', cookie), idOf('named', cookie)];
      const found = await store.operators.liveSession({ ids, now: now() });
      return found && sessionOf(found);
    },

    /** The sessions that would be let in now, newest first, with their rows. */
    async list(limit: number): Promise<(OwnedSession & { owner: Operator })[]> {
      const rows = await store.operators.liveSessions({ now: now(), limit });
      return rows.flatMap((row) => {
        const session = sessionOf(row);
        return session ? [{ ...row, owner: session.operator }] : [];
      });
    },

    /** What every form of this session carries, and no page of another origin can know. */
    formToken: (session: Session): string => tokenOf(session).toString('base64url'),

    isFormToken(session: Session, given: string): boolean {
      const bytes = Buffer.from(given, 'base64url');
      const expected = tokenOf(session);
      return bytes.length === expected.length && timingSafeEqual(bytes, expected);
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;
