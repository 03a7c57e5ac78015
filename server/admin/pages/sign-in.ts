import { Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { OperatorRow } from '../../store/schema.ts';
import { builtInLogin } from '../actor.ts';
import type { Attempts } from '../attempts.ts';
import { auditBy } from '../audit-entry.ts';
import { showBarePage } from '../layout.ts';
import { normalLogin } from '../login.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import type { Passwords } from '../passwords.ts';
import { textField } from '../pieces/field.ts';
import { sessionSeconds, type Sessions } from '../session.ts';

/** With https the name says that only https may have set it (RFC 6265bis, cookie name prefixes). */
export const sessionCookie = (isHttps: boolean): string => (isHttps ? '__Secure-kvc-admin' : 'kvc-admin');

/** Only pages of this admin: a sign-in must not lead elsewhere. */
const innerPath = /^\/admin(\/[\w./-]*)?(\?[\w.~%&=+-]*)?$/;
export const innerPathOr = (path: string | undefined, fallback: string): string =>
  path && innerPath.test(path) && !path.includes('//') ? path : fallback;

const maxLoginLength = 64;

interface SignInParts extends AdminParts {
  sessions: Sessions;
  passwords: Passwords;
  attempts: Attempts;
  clientAddress: (c: AdminContext) => string;
}

/** The sign-in form: login and password, or ADMIN_PASSWORD alone. Attempts are counted per address, login and overall. */
export function signInPage(parts: SignInParts): Hono<AdminEnv> {
  const { store, sessions, passwords, attempts, publicUrl, clientAddress, runtime, log } = parts;
  const isHttps = publicUrl.startsWith('https:');

  /** Who has this login and password; `operator` is null for the built-in owner. Every login but his costs the same. */
  async function recognize(login: string, password: string): Promise<{ operator: OperatorRow | null } | null> {
    if (login === builtInLogin) return sessions.isPassword(password) ? { operator: null } : null;
    const operator = await store.operators.getByLogin(login);
    const isRight = await passwords.isRight(password, operator && operator.passwordHash);
    return isRight && operator && operator.disabledAt === null ? { operator } : null;
  }

  async function begin(
    c: AdminContext,
    { login, operator, address }: { login: string; operator: OperatorRow | null; address: string },
  ): Promise<string | null> {
    const userAgent = c.req.header('user-agent') ?? '';
    return store.transaction(async (tx) => {
      const cookie = await sessions.start(tx, { operator, address, userAgent });
      const entry = { id: runtime.newId(), at: runtime.now(), actor: login, target: login };
      if (cookie) await store.auditLog.write(tx, { ...entry, action: 'signIn.done', detail: { address } });
      return cookie;
    });
  }

  /** What was typed as a login may be a password: only one that exists is written down. */
  async function noteFailure({ login, address }: { login: string; address: string }): Promise<void> {
    log.warn({ address }, 'wrong admin password');
    if (!(await attempts.isWorthARow(address))) return;
    const known = login === builtInLogin || (await store.operators.getByLogin(login)) ? login : 'unknown';
    const entry = { id: runtime.newId(), at: runtime.now(), actor: 'unknown', target: known };
    await store.transaction((tx) =>
      store.auditLog.write(tx, { ...entry, action: 'signIn.failed', detail: { address } }),
    );
  }

  return new Hono<AdminEnv>()
    .get('/', (c) => showForm(c, { next: innerPathOr(c.req.query('next'), '/admin') }))
    .post('/', async (c) => {
      const form = c.get('form');
      const next = innerPathOr(form['next'], '/admin');
      const address = clientAddress(c);
      const login = normalLogin(form['login'] ?? '').slice(0, maxLoginLength) || builtInLogin;
      const waitSeconds = await attempts.take({ address, login });
      if (waitSeconds !== null) {
        log.warn({ address, waitSeconds }, 'too many admin sign-in attempts');
        return showLimit(c, waitSeconds);
      }
      const found = await recognize(login, form['password'] ?? '');
      const cookie = found && (await begin(c, { login, address, operator: found.operator }));
      if (!cookie) {
        await noteFailure({ login, address });
        return showForm(c, { next, login: form['login'] ?? '', isWrong: true });
      }
      await attempts.forget({ address, login });
      setCookie(c, sessionCookie(isHttps), cookie, {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/admin',
        secure: isHttps,
        maxAge: sessionSeconds,
      });
      log.info({ address, login }, 'admin signed in');
      return c.redirect(next, 303);
    });
}

/** Ends the session on every node and in the browser. */
export function signOut({ store, runtime, publicUrl }: AdminParts) {
  const isHttps = publicUrl.startsWith('https:');
  return async (c: AdminContext) => {
    const { id, operator } = c.get('session');
    await store.transaction(async (tx) => {
      const ended = await store.operators.endSessions(tx, { now: runtime.now(), id });
      const entry = { ...auditBy(c, runtime), action: 'signOut.done', target: operator.login, detail: {} };
      if (ended.length > 0) await store.auditLog.write(tx, entry);
    });
    deleteCookie(c, sessionCookie(isHttps), { path: '/admin', secure: isHttps });
    return redirectWithNotice(c, '/admin/sign-in', 'signedOut');
  };
}

function showForm(
  c: AdminContext,
  { next, login = '', isWrong = false }: { next: string; login?: string; isWrong?: boolean },
) {
  const { signIn } = c.get('words');
  const body = html`<h1>${signIn.title}</h1>
    <form method="post" action="/admin/sign-in">
      <input type="hidden" name="next" value="${next}" />
      ${textField({
        id: 'login',
        label: signIn.login,
        hint: signIn.loginHint,
        value: login,
        autocomplete: 'username',
      })}
      ${textField({
        id: 'password',
        type: 'password',
        label: signIn.password,
        hint: signIn.hint,
        value: '',
        autocomplete: 'current-password',
        required: true,
        problem: isWrong ? signIn.wrong : undefined,
      })}
      <button>${signIn.submit}</button>
    </form>`;
  return showBarePage(c, { title: signIn.title, body, status: isWrong ? 422 : 200 });
}

/** Answers that nothing was tried, and for how long nothing will be. */
export function showLimit(c: AdminContext, waitSeconds: number) {
  const { signIn } = c.get('words');
  c.header('retry-after', String(waitSeconds));
  const body = html`<h1>${signIn.limited}</h1>
    <p>${signIn.wait(String(Math.ceil(waitSeconds / 60)))}</p>
    <p><a class="button" href="/admin/sign-in">${signIn.title}</a></p>`;
  return showBarePage(c, { title: signIn.limited, body, status: 429 });
}
