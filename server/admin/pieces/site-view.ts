import { html } from 'hono/html';
import type { SiteApiKeyRow, SiteRow } from '../../store/schema.ts';
import { moment, type Html } from '../format.ts';
import { formToken } from '../layout.ts';
import type { AdminContext, AdminParts } from '../parts.ts';
import { keyKindOf, keyKinds } from '../site-form.ts';
import { emptyState, facts, pageHead } from './blocks.ts';
import { elementCode, scriptCode, snippet } from './embed-code.ts';
import { selectField, textField } from './field.ts';
import { capFields, describedFields, minutesField, standing, wordsField, type SiteEdit } from './site-fields.ts';
import { table } from './table.ts';

const front = '/admin/sites';

interface ListView {
  sites: SiteRow[];
  configuredSiteId: string | undefined;
  canTry: boolean;
  edit: SiteEdit | undefined;
}

interface SiteView {
  site: SiteRow;
  /** By the settings of the server. */
  isConfigured: boolean;
  apiKeys: SiteApiKeyRow[];
  /** Made a moment ago; shown this once. */
  shown: { secret: string | undefined; apiKey: string | undefined };
  parts: Pick<AdminParts, 'publicUrl' | 'widget'>;
  edit: SiteEdit | undefined;
}

/** All sites, and the form of a new one. */
export function siteList(c: AdminContext, { sites, configuredSiteId, canTry, edit }: ListView): Html {
  const { sites: words } = c.get('words');
  return html`${pageHead(words.title, words.lead)}
    ${canTry && html`<p><a class="button quiet" href="${front}/~token">${words.try}</a></p>`}
    ${sites.length > 0 ? siteTable(c, sites, configuredSiteId) : emptyState(words.empty, words.emptyDo)}
    <section class="card">
      <h2>${words.create}</h2>
      ${createForm(c, edit)}
    </section>`;
}

function siteTable(c: AdminContext, sites: SiteRow[], configuredSiteId: string | undefined): Html {
  const { sites: words } = c.get('words');
  return table({
    caption: words.title,
    columns: [{ label: words.site }, { label: words.issuer }, { label: words.key }, { label: words.origins }],
    rows: sites.map((site) => [
      html`<a class="row-name" href="${front}/${site.id}">${site.name}</a> <code class="hint">${site.id}</code> ${
          site.id === configuredSiteId && configuredBadge(c)
        }`,
      site.issuer,
      html`${site.jwksUrl === null ? words.shared : words.jwks}
      ${site.sealedNextJwtSecret !== null && html`<span class="hint">${words.rotating}</span>`}`,
      originList(c, site),
    ]),
  });
}

/** One site: its settings, its secret, its API keys, the code for its pages. */
export function siteView(c: AdminContext, view: SiteView): Html {
  const { sites: words } = c.get('words');
  const { site, isConfigured, shown, parts } = view;
  return html`<p class="back"><a href="${front}">← ${words.title}</a></p>
    <div class="page-head">
      <h1>${site.name} <code>${site.id}</code></h1>
      ${isConfigured && html`<p>${configuredBadge(c)}</p>`}
    </div>
    ${shown.secret !== undefined && onceCard(words.secret, words.secretOnce, shown.secret)}
    ${shown.apiKey !== undefined && onceCard(words.apiKey, words.apiKeyOnce, shown.apiKey)}
    <div class="tiles">
      <section class="card">
        <h2>${words.settings}</h2>
        ${settingsForm(c, view)}
      </section>
      <section class="card">
        <h2>${words.key}</h2>
        ${rotation(c, view)}
      </section>
    </div>
    ${apiKeySection(c, view)}
    <section class="card">
      <h2>${words.embed}</h2>
      <div>
        <p class="hint">${words.embedHint}</p>
        ${originList(c, site)}
      </div>
      ${scriptCode(c, parts)} ${elementCode(c, parts)}
    </section>`;
}

const configuredBadge = (c: AdminContext): Html =>
  html`<span class="badge badge-processing">${c.get('words').sites.fromSettings}</span>`;

const onceCard = (title: string, advice: string, secret: string): Html =>
  html`<section class="card" aria-label="${title}">
    <h2>${title}</h2>
    <p>${advice}</p>
    ${snippet(secret)}
  </section>`;

function originList(c: AdminContext, { origins }: SiteRow): Html {
  if (origins.length === 0) return html`${c.get('words').sites.noOrigins}`;
  return html`${origins.map((origin) => html`<span class="hint">${origin}</span> `)}`;
}

function createForm(c: AdminContext, edit: SiteEdit | undefined): Html {
  const { sites: words } = c.get('words');
  const { form, problemOf, alert } = standing(c, edit);
  const value = (name: string, fallback = '') => form[name] ?? fallback;
  const field = (id: string, fallback = '') => ({ id, value: value(id, fallback), problem: problemOf(id) });
  return html`<form method="post" action="${front}">
    ${formToken(c)} ${alert} ${textField({ ...field('id'), label: words.id, hint: words.idHint, required: true })}
    ${describedFields(c, edit, undefined)}
    ${selectField({
      ...field('keyKind'),
      value: keyKindOf(form),
      label: words.key,
      options: keyKinds.map((kind) => ({ value: kind, label: words.keyKinds[kind] })),
    })}
    ${textField({
      id: 'jwtSecret',
      value: '',
      type: 'password',
      autocomplete: 'new-password',
      label: words.jwtSecret,
      hint: words.jwtSecretHint,
      problem: problemOf('jwtSecret'),
    })}
    ${textField({ ...field('jwksUrl'), label: words.jwksUrl, hint: words.jwksUrlHint })}
    ${minutesField(c, edit, undefined)} ${capFields(c, edit, undefined)} ${wordsField(c, edit, undefined)}
    <div class="form-end"><button>${words.createSubmit}</button></div>
  </form>`;
}

function settingsForm(c: AdminContext, { site, isConfigured, edit }: SiteView): Html {
  const { sites: words, save } = c.get('words');
  const { form, problemOf, alert } = standing(c, edit);
  const own = html`${describedFields(c, edit, site)}
  ${
    site.jwksUrl !== null &&
    textField({
      id: 'jwksUrl',
      value: form['jwksUrl'] ?? site.jwksUrl,
      problem: problemOf('jwksUrl'),
      label: words.jwksUrl,
      hint: words.jwksUrlEditHint,
      required: true,
    })
  }
  ${minutesField(c, edit, site)}`;
  return html`${
      isConfigured
        ? html`<p class="hint">${words.fromSettingsHint}</p>
            ${ownedFacts(c, site)}`
        : ''
    }
    <form method="post" action="${front}/${site.id}/settings">
      ${formToken(c)} ${alert} ${problemOf('site') && html`<p class="problem">${problemOf('site')}</p>`}
      <input type="hidden" name="expectedUpdatedAt" value="${site.updatedAt}" />
      ${!isConfigured && own} ${capFields(c, edit, site)} ${wordsField(c, edit, site)}
      <div class="form-end"><button>${save}</button></div>
    </form>`;
}

function ownedFacts(c: AdminContext, site: SiteRow): Html {
  const { sites: words } = c.get('words');
  return facts([
    [words.name, site.name],
    [words.issuer, site.issuer],
    [words.audience, site.audience],
    [words.origins, originList(c, site)],
    [words.jwksUrl, site.jwksUrl],
    [words.minutes, site.maxTokenSeconds / 60],
    [words.since, moment(c.get('language'), site.createdAt)],
  ]);
}

function rotation(c: AdminContext, { site, isConfigured }: SiteView): Html {
  const { sites: words } = c.get('words');
  if (site.jwksUrl !== null)
    return html`<p>${words.jwks}</p>
      <p class="hint">${words.jwksRotation}</p>`;
  const end = isConfigured ? words.rotationEndSettingsHint : words.rotationEndHint;
  if (site.sealedNextJwtSecret === null)
    return html`<p>${words.shared}</p>
      ${deed(c, site, { path: 'rotation', label: words.rotate, hint: words.rotateHint })}`;
  return html`<p>${words.shared}</p>
    <p class="banner">${words.rotating}</p>
    ${deed(c, site, { path: 'rotation-end', label: words.rotationEnd, hint: end })}
    ${deed(c, site, { path: 'rotation', label: words.rotateAgain, hint: words.rotateAgainHint })}`;
}

function deed(c: AdminContext, { id }: SiteRow, one: { path: string; label: string; hint: string }): Html {
  return html`<form method="post" action="${front}/${id}/${one.path}">
    ${formToken(c)}
    <p class="hint">${one.hint}</p>
    <div class="form-end"><button class="quiet">${one.label}</button></div>
  </form>`;
}

function apiKeySection(c: AdminContext, { site, apiKeys, edit }: SiteView): Html {
  const { sites: words } = c.get('words');
  const { form, problemOf } = standing(c, edit);
  return html`<section class="card">
    <h2>${words.apiKeys}</h2>
    <p class="hint">${words.apiKeysHint} ${site.apiKeyHash !== null && words.apiKeySettings}</p>
    ${apiKeys.length > 0 ? apiKeyTable(c, site, apiKeys) : html`<p>${words.apiKeysEmpty}</p>`}
    <form method="post" action="${front}/${site.id}/keys">
      ${formToken(c)}
      ${textField({
        id: 'keyName',
        value: form['keyName'] ?? '',
        label: words.apiKeyName,
        hint: words.apiKeyNameHint,
        problem: problemOf('keyName'),
        required: true,
      })}
      <div class="form-end"><button>${words.apiKeySubmit}</button></div>
    </form>
  </section>`;
}

function apiKeyTable(c: AdminContext, site: SiteRow, apiKeys: SiteApiKeyRow[]): Html {
  const { sites: words } = c.get('words');
  const language = c.get('language');
  const stateOf = ({ id, name, revokedAt }: SiteApiKeyRow) =>
    revokedAt === null
      ? html`<form method="post" action="${front}/${site.id}/keys/${id}/revoke">
          ${formToken(c)}<button class="quiet" aria-label="${words.revoke}: ${name}">${words.revoke}</button>
        </form>`
      : html`<span class="badge badge-cancelled">${words.revoked}</span>
          <span class="hint">${moment(language, revokedAt)}</span>`;
  return table({
    caption: words.apiKeys,
    columns: [{ label: words.apiKeyName }, { label: words.hint }, { label: words.made }, { label: words.state }],
    rows: apiKeys.map((key) => [
      key.name,
      html`<code>${key.hint}…</code>`,
      moment(language, key.createdAt),
      stateOf(key),
    ]),
  });
}
