import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { html } from 'hono/html';
import { stylesheetHref } from './assets.ts';
import { moment, type Html } from './format.ts';
import { languages } from './i18n/dictionary.ts';
import { hrefInLanguage } from './language.ts';
import { lockForms } from './locked-forms.ts';
import { takeNotice } from './notice.ts';
import { isViewer } from './actor.ts';
import type { AdminContext } from './parts.ts';
import { icons } from './pieces/icons.ts';

/** The sections of the menu, in its order. A new page file gets its line here. */
export const sections = [
  'jobs',
  'accounts',
  'presets',
  'prompts',
  'prices',
  'sites',
  'embed',
  'webhooks',
  'usage',
  'health',
  'operators',
  'audit',
] as const;
export type Section = (typeof sections)[number];

const languageNames = { ru: 'Русский', en: 'English' };

interface Page {
  title: string;
  body: Html;
  status?: ContentfulStatusCode;
  /** The menu entry that is current. Left out on pages without a menu. */
  section?: Section;
}

/** Answers with a page of the signed-in admin: menu, banners, a notice if one is due. */
export function showPage(c: AdminContext, page: Page & { section?: Section }) {
  const words = c.get('words');
  const notice = takeNotice(c);
  return answer(
    c,
    page,
    html` <a class="skip" href="#main">${words.skip}</a>
      <div class="frame">
        <header class="side">
          <a class="brand" href="/admin">${brandMark}<span>${words.product}</span></a>
          ${menu(c, page.section)}
          <div class="side-end">
            <p class="who">${signedInAs(c)}</p>
            ${languageLinks(c, page.section)}
            <form method="post" action="/admin/sign-out">
              ${formToken(c)}<button class="plain">${icons.signOut}<span>${words.signOut}</span></button>
            </form>
          </div>
        </header>
        <main id="main" tabindex="-1">
          ${pauseBanners(c)}
          ${notice && html`<p class="notice" role="status">${icons.done}<span>${words.notices[notice]}</span></p>`}
          ${isViewer(c) && html`<p class="banner" role="note">${words.operators.viewerNote}</p>`}
          ${isViewer(c) ? lockForms(page.body) : page.body}
        </main>
      </div>`,
  );
}

function signedInAs(c: AdminContext): string {
  const { login, role } = c.get('operator');
  return `${login}, ${c.get('words').operators.roles[role]}`;
}

/** Answers with a page that needs no sign-in: one narrow card. */
export function showBarePage(c: AdminContext, page: Page) {
  const words = c.get('words');
  const notice = takeNotice(c);
  return answer(
    c,
    page,
    html` <main class="bare">
      <p class="brand">${brandMark}<span>${words.product}</span></p>
      ${notice && html`<p class="notice" role="status">${icons.done}<span>${words.notices[notice]}</span></p>`}
      <div class="card">${page.body}</div>
      ${languageLinks(c, undefined)}
    </main>`,
  );
}

/** The field that ties a form to the session. Every form that changes something carries it. */
export const formToken = (c: AdminContext): Html =>
  html`<input type="hidden" name="formToken" value="${c.get('formToken')}" />`;

const brandMark = html`<img src="/admin/assets/icon.svg" alt="" width="28" height="28" />`;

function answer(c: AdminContext, { title, status = 200 }: Page, body: Html) {
  const words = c.get('words');
  return c.html(
    html`<!doctype html>
      <html lang="${c.get('language')}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex" />
          <title>${title} · ${words.product}</title>
          <link rel="stylesheet" href="${stylesheetHref}" />
          <link rel="icon" type="image/svg+xml" href="/admin/assets/icon.svg" />
        </head>
        <body>
          ${body}
        </body>
      </html>`,
    status,
  );
}

function menu(c: AdminContext, current: Section | undefined): Html {
  const words = c.get('words');
  const entry = (section: Section) =>
    html`<li>
      <a href="/admin/${section}" ${section === current && html`aria-current="page"`}>
        ${icons[section]}<span class="wide">${words.nav[section]}</span
        ><span class="narrow">${words.navShort[section]}</span>
      </a>
    </li>`;
  return html`<nav class="menu" aria-label="${words.sections}">
    <ul>
      ${sections.map(entry)}
    </ul>
  </nav>`;
}

function languageLinks(c: AdminContext, section: Section | undefined): Html {
  const front = section ? `/admin/${section}` : '/admin';
  return html`<nav class="languages" aria-label="${c.get('words').language}">
    ${languages.map(
      (language) =>
        html`<a
          href="${hrefInLanguage(c, language, front)}"
          lang="${language}"
          hreflang="${language}"
          ${language === c.get('language') && html`aria-current="true"`}
          >${languageNames[language]}</a
        >`,
    )}
  </nav>`;
}

function pauseBanners(c: AdminContext): Html[] {
  const { pause } = c.get('words');
  return c.get('pauses').map(
    (account) =>
      html`<section class="banner" aria-label="${pause.title(account.id)}">
        ${icons.warning}
        <div>
          <p>
            <strong>${pause.title(account.id)}</strong> ${pause.until}
            ${moment(c.get('language'), account.pausedUntil)}. ${pause.effect}
          </p>
          <p>${pause.why}: ${account.pauseReason ?? pause.noReason}</p>
        </div>
      </section>`,
  );
}
