import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { SignJWT, jwtVerify } from 'jose';
import { deriveKey } from '../secrets.ts';

/** A signed-in browser. */
export interface Session {
  id: string;
  /** Epoch milliseconds. */
  expiresAtMs: number;
}

export const sessionSeconds = 8 * 60 * 60;
const issuer = 'kling-video-cover/admin';

/**
 * Sessions as signed cookies. Their key holds the password, so a new ADMIN_PASSWORD ends them all. A signed-out session
 * is remembered by this process until it would have ended anyway.
 */
export function createSessions({
  secret,
  adminPassword,
  now,
}: {
  secret: string;
  adminPassword: string;
  now: () => number;
}) {
  const digestOf = (text: string) => createHmac('sha256', deriveKey(secret, 'admin-password')).update(text).digest();
  const password = digestOf(adminPassword);
  const key = createHmac('sha256', deriveKey(secret, 'admin-session')).update(password).digest();
  const formKey = createHmac('sha256', deriveKey(secret, 'admin-form')).update(password).digest();
  const ended = new Map<string, number>();

  const tokenOf = (session: Session) => createHmac('sha256', formKey).update(session.id).digest();

  return {
    /** Compares fixed-length digests in constant time. */
    isPassword: (given: string): boolean => timingSafeEqual(digestOf(given), password),

    /** A new session's cookie value. */
    start(): Promise<string> {
      const startedAt = Math.floor(now() / 1000);
      return new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(issuer)
        .setJti(randomBytes(16).toString('base64url'))
        .setIssuedAt(startedAt)
        .setExpirationTime(startedAt + sessionSeconds)
        .sign(key);
    },

    /** Null for a cookie that is absent, forged, of another password, expired or signed out. */
    async read(cookie: string | undefined): Promise<Session | null> {
      if (!cookie) return null;
      try {
        const { payload } = await jwtVerify(cookie, key, {
          algorithms: ['HS256'],
          issuer,
          requiredClaims: ['jti', 'exp'],
          currentDate: new Date(now()),
        });
        return ended.has(payload.jti!) ? null : { id: payload.jti!, expiresAtMs: payload.exp! * 1000 };
      } catch {
        return null;
      }
    },

    end(session: Session): void {
      for (const [id, expiresAtMs] of ended) if (expiresAtMs <= now()) ended.delete(id);
      ended.set(session.id, session.expiresAtMs);
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
