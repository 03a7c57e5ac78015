import { Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { createAttempts } from '../attempts.ts';
import { showBarePage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { textField } from '../pieces/field.ts';
import { sessionSeconds, type Sessions } from '../session.ts';

/** With https the name says that only https may have set it (RFC 6265bis, cookie name prefixes). */
export const sessionCookie = (isHttps: boolean): string => (isHttps ? '__Secure-kvc-admin' : 'kvc-admin');

/** Only pages of this admin: a sign-in must not lead elsewhere. */
const innerPath = /^\/admin(\/[\w./-]*)?(\?[\w.~%&=+-]*)?$/;
export const innerPathOr = (path: string | undefined, fallback: string): string =>
  path && innerPath.test(path) && !path.includes('//') ? path : fallback;

interface SignInParts extends AdminParts {
  sessions: Sessions;
  clientAddress: (c: AdminContext) => string;
}

/** The sign-in form; wrong passwords are counted per address and overall. */
export function signInPage({ sessions, publicUrl, clientAddress, log }: SignInParts): Hono<AdminEnv> {
  const attempts = createAttempts();
  const isHttps = publicUrl.startsWith('https:');

  return new Hono<AdminEnv>()
    .get('/', (c) => showForm(c, { next: innerPathOr(c.req.query('next'), '/admin') }))
    .post('/', async (c) => {
      const form = c.get('form');
      const next = innerPathOr(form['next'], '/admin');
      const address = clientAddress(c);
      const waitSeconds = await attempts.take(address);
      if (waitSeconds !== null) {
        log.warn({ address, waitSeconds }, 'too many admin sign-in attempts');
        return showLimit(c, waitSeconds);
      }
      if (!sessions.isPassword(form['password'] ?? '')) {
        log.warn({ address }, 'wrong admin password');
        return showForm(c, { next, isWrong: true });
      }
      await attempts.forget(address);
      setCookie(c, sessionCookie(isHttps), await sessions.start(), {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/admin',
        secure: isHttps,
        maxAge: sessionSeconds,
      });
      log.info({ address }, 'admin signed in');
      return c.redirect(next, 303);
    });
}

/** Ends the session here and in the browser. */
export function signOut({ sessions, publicUrl }: { sessions: Sessions; publicUrl: string }) {
  const isHttps = publicUrl.startsWith('https:');
  return (c: AdminContext) => {
    sessions.end(c.get('session'));
    deleteCookie(c, sessionCookie(isHttps), { path: '/admin', secure: isHttps });
    return redirectWithNotice(c, '/admin/sign-in', 'signedOut');
  };
}

function showForm(c: AdminContext, { next, isWrong = false }: { next: string; isWrong?: boolean }) {
  const { signIn } = c.get('words');
  const body = html`<h1>${signIn.title}</h1>
    <form method="post" action="/admin/sign-in">
      <input type="hidden" name="next" value="${next}" />
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

function showLimit(c: AdminContext, waitSeconds: number) {
  const { signIn } = c.get('words');
  c.header('retry-after', String(waitSeconds));
  const body = html`<h1>${signIn.limited}</h1>
    <p>${signIn.wait(String(Math.ceil(waitSeconds / 60)))}</p>
    <p><a class="button" href="/admin/sign-in">${signIn.title}</a></p>`;
  return showBarePage(c, { title: signIn.limited, body, status: 429 });
}
