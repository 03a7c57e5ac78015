import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { noticeKeys, type NoticeKey } from './i18n/dictionary.ts';
import type { AdminContext } from './parts.ts';

const cookieName = 'kvc-admin-notice';

/** Answers a POST: on to `path`, where `notice` is shown once. */
export function redirectWithNotice(c: AdminContext, path: string, notice: NoticeKey): Response {
  setCookie(c, cookieName, notice, { path: '/admin', sameSite: 'Strict', httpOnly: true, maxAge: 60 });
  return c.redirect(path, 303);
}

/** The notice left by the POST before, taken away. */
export function takeNotice(c: AdminContext): NoticeKey | undefined {
  const kept = getCookie(c, cookieName);
  if (kept === undefined) return undefined;
  deleteCookie(c, cookieName, { path: '/admin' });
  return noticeKeys.find((key) => key === kept);
}
