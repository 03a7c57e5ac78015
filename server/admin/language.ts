import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { dictionaries, languages, type Language } from './i18n/dictionary.ts';
import type { AdminContext, AdminEnv } from './parts.ts';

const cookieName = 'kvc-admin-lang';
const oneYearSeconds = 365 * 24 * 60 * 60;

const known = (text: string | undefined): Language | undefined => languages.find((language) => language === text);

/** The first language of Accept-Language that we have, by its weight. */
function preferred(header: string): Language | undefined {
  const wishes = header
    .split(',')
    .map((wish) => wish.split(';', 2).map((piece) => piece.trim()))
    .map(([tag = '', weight = 'q=1']) => ({
      language: known(tag.slice(0, 2).toLowerCase()),
      weight: Number(weight.slice('q='.length)),
    }));
  return wishes
    .filter((wish) => wish.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .find((wish) => wish.language)?.language;
}

/** Chooses the language: `?lang=`, which is then kept, else the kept one, else the browser's, else Russian. */
export function chooseLanguage({ isHttps }: { isHttps: boolean }): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const asked = known(c.req.query('lang'));
    const language =
      asked ?? known(getCookie(c, cookieName)) ?? preferred(c.req.header('accept-language') ?? '') ?? 'ru';
    if (asked)
      setCookie(c, cookieName, asked, {
        path: '/admin',
        sameSite: 'Lax',
        httpOnly: true,
        secure: isHttps,
        maxAge: oneYearSeconds,
      });
    c.set('language', language);
    c.set('words', dictionaries[language]);
    c.header('content-language', language);
    await next();
  };
}

/** This page in another language. After a POST there is no such page to go to, so its section's front is taken. */
export function hrefInLanguage(c: AdminContext, language: Language, section: string): string {
  const url = new URL(c.req.method === 'GET' ? c.req.url : new URL(section, c.req.url));
  url.searchParams.set('lang', language);
  return `${url.pathname}${url.search}`;
}
