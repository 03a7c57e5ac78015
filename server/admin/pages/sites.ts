import { Hono } from 'hono';
import { createSeal, hashApiKey } from '../../secrets.ts';
import type { SiteRow, SiteSettings } from '../../store/schema.ts';
import type { SiteChange } from '../../store/sites.ts';
import { auditBy, changed } from '../audit-entry.ts';
import { checkForm, type Form, type Problems } from '../form.ts';
import type { NoticeKey } from '../i18n/dictionary.ts';
import { showPage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import type { SiteEdit } from '../pieces/site-fields.ts';
import { siteList, siteView } from '../pieces/site-view.ts';
import { tokenTry } from '../pieces/token-view.ts';
import { createSecretOnce } from '../secret-once.ts';
import {
  apiKeySchema,
  auditable,
  capsSchema,
  keyKindOf,
  newApiKey,
  newJwtSecret,
  newSiteSchema,
  siteSchema,
} from '../site-form.ts';
import { refusedPage } from './refused.ts';

const front = '/admin/sites';
const hintLength = 8;

type Answer = Response | Promise<Response>;
type Edit = SiteEdit & { status: 409 | 422 };

/** Host sites: who they are, what proves their tokens and calls, how much they may order; and a try of a token. */
export function sitePages(parts: AdminParts): Hono<AdminEnv> {
  const { store, runtime, log, secret, publicUrl, configuredSiteId, explainToken } = parts;
  const seal = createSeal(secret);
  const once = createSecretOnce({ path: front, seal, now: runtime.now, isHttps: publicUrl.startsWith('https:') });
  const pageOf = ({ id }: SiteRow) => `${front}/${id}`;

  async function showList(c: AdminContext, edit?: Edit) {
    const { sites: words } = c.get('words');
    const rows = (await store.sites.list()).toSorted((one, other) => one.id.localeCompare(other.id));
    const body = siteList(c, { sites: rows, configuredSiteId, canTry: explainToken !== undefined, edit });
    return showPage(c, { title: words.title, section: 'sites', body, status: edit?.status ?? 200 });
  }

  async function showOne(c: AdminContext, site: SiteRow, edit?: Edit) {
    const apiKeys = await store.sites.apiKeys(site.id);
    const shown = { secret: once.take(c, `${site.id}/secret`), apiKey: once.take(c, `${site.id}/key`) };
    const isConfigured = site.id === configuredSiteId;
    const body = siteView(c, { site, isConfigured, apiKeys, shown, parts, edit });
    return showPage(c, { title: site.name, section: 'sites', body, status: edit?.status ?? 200 });
  }

  async function create(c: AdminContext) {
    const form = c.get('form');
    const kind = keyKindOf(form);
    const { value, problems } = checkForm(newSiteSchema(kind), form);
    if (!value) return showList(c, { form, problems, status: 422 });
    const { maxTokenMinutes, jwksUrl = null, jwtSecret, ...facts } = { jwksUrl: null, jwtSecret: undefined, ...value };
    const made = kind === 'generate' ? newJwtSecret() : undefined;
    const shared = made ?? jwtSecret;
    const sealedJwtSecret = shared === undefined ? null : seal.seal(shared);
    const site: SiteSettings = { ...facts, maxTokenSeconds: maxTokenMinutes * 60, jwksUrl, sealedJwtSecret };
    const taken = await store.transaction(async (tx): Promise<Problems | undefined> => {
      const { id, issuer } = site;
      if (await store.sites.hasIssuer(tx, { issuer, exceptId: id })) return { issuer: 'siteIssuerTaken' };
      if (!(await store.sites.add(tx, site, runtime.now()))) return { id: 'siteIdTaken' };
      const detail = auditable(site);
      await store.auditLog.write(tx, { ...auditBy(c, runtime), action: 'site.created', target: id, detail });
    });
    if (taken) return showList(c, { form, problems: taken, status: 409 });
    if (made) once.keep(c, { of: `${site.id}/secret`, secret: made });
    log.info({ siteId: site.id, by: c.get('operator').login }, 'a site was created');
    return redirectWithNotice(c, `${front}/${site.id}`, 'siteCreated');
  }

  /** Changes the row with its audit entry; false when somebody changed it since `expectedUpdatedAt`. */
  async function change(
    c: AdminContext,
    site: SiteRow,
    { set, action, detail }: { set: Omit<SiteChange, 'updatedAt'>; action: string; detail: Record<string, unknown> },
  ): Promise<boolean> {
    const expectedUpdatedAt = site.updatedAt;
    // Always later than before: it is the version by which running servers know their keys.
    const updatedAt = Math.max(runtime.now(), expectedUpdatedAt + 1);
    return store.transaction(async (tx) => {
      const row = await store.sites.change(tx, { id: site.id, set: { ...set, updatedAt }, expectedUpdatedAt });
      if (row) await store.auditLog.write(tx, { ...auditBy(c, runtime), action, target: site.id, detail });
      return row !== null;
    });
  }

  async function update(c: AdminContext, site: SiteRow) {
    const form = c.get('form');
    const { value, problems } = checkForm(formOf(site), form);
    if (!value) return showOne(c, site, { form, problems, status: 422 });
    const conflict = { form, problems: { site: 'siteConflict' as const }, status: 409 as const };
    if (form['expectedUpdatedAt'] !== String(site.updatedAt)) return showOne(c, site, conflict);
    const set = rowOf(value);
    const detail = changed(auditable(site), set);
    if (Object.keys(detail.after).length === 0) return redirectWithNotice(c, pageOf(site), 'siteSame');
    const { issuer } = set;
    const isTaken = issuer !== undefined && (await hasIssuer(issuer, site.id));
    if (isTaken) return showOne(c, site, { form, problems: { issuer: 'siteIssuerTaken' }, status: 409 });
    if (!(await change(c, site, { set, action: 'site.changed', detail }))) return showOne(c, site, conflict);
    return redirectWithNotice(c, pageOf(site), 'siteSaved');
  }

  const formOf = (site: SiteRow) => (site.id === configuredSiteId ? capsSchema : siteSchema(site.jwksUrl !== null));
  const hasIssuer = (issuer: string, exceptId: string) =>
    store.transaction((tx) => store.sites.hasIssuer(tx, { issuer, exceptId }));

  const lostRace = (c: AdminContext, site: SiteRow) =>
    showOne(c, site, { form: {}, problems: { site: 'siteConflict' }, status: 409 });

  async function rotate(c: AdminContext, site: SiteRow) {
    if (site.sealedJwtSecret === null) return refusedPage(c, { reason: 'notFound', status: 404 });
    const made = newJwtSecret();
    const wish = { set: { sealedNextJwtSecret: seal.seal(made) }, action: 'site.rotationStarted', detail: {} };
    if (!(await change(c, site, wish))) return lostRace(c, site);
    once.keep(c, { of: `${site.id}/secret`, secret: made });
    return redirectWithNotice(c, pageOf(site), 'siteRotated');
  }

  async function finishRotation(c: AdminContext, site: SiteRow) {
    const { sealedNextJwtSecret: next, sealedJwtSecret: present } = site;
    if (next === null || present === null) return redirectWithNotice(c, pageOf(site), 'siteSame');
    // The next start would bring back what the settings hold.
    if (site.id === configuredSiteId && seal.unseal(next) !== seal.unseal(present))
      return showOne(c, site, { form: {}, problems: { site: 'siteRotationSettings' }, status: 409 });
    const set = { sealedJwtSecret: next, sealedNextJwtSecret: null };
    if (!(await change(c, site, { set, action: 'site.rotationFinished', detail: {} }))) return lostRace(c, site);
    return redirectWithNotice(c, pageOf(site), 'siteRotationEnded');
  }

  async function makeApiKey(c: AdminContext, site: SiteRow) {
    const form = c.get('form');
    const { value, problems } = checkForm(apiKeySchema, { name: form['keyName'] ?? '' });
    if (!value) return showOne(c, site, { form, problems: { keyName: problems['name']! }, status: 422 });
    const made = newApiKey();
    const { name } = value;
    const [id, hint] = [runtime.newId(), made.slice(0, hintLength)];
    const row = { id, siteId: site.id, name, hash: hashApiKey(made), hint, createdAt: runtime.now(), revokedAt: null };
    await store.transaction(async (tx) => {
      await store.sites.addApiKey(tx, row);
      const detail = { name, hint };
      await store.auditLog.write(tx, { ...auditBy(c, runtime), action: 'site.keyMade', target: site.id, detail });
    });
    once.keep(c, { of: `${site.id}/key`, secret: made });
    return redirectWithNotice(c, pageOf(site), 'siteKeyMade');
  }

  async function revokeApiKey(c: AdminContext, site: SiteRow) {
    const id = c.req.param('key') ?? '';
    const notice = await store.transaction(async (tx): Promise<NoticeKey> => {
      const key = await store.sites.revokeApiKey(tx, { siteId: site.id, id, now: runtime.now() });
      if (!key) return 'siteSame';
      const detail = { name: key.name, hint: key.hint };
      await store.auditLog.write(tx, { ...auditBy(c, runtime), action: 'site.keyRevoked', target: site.id, detail });
      return 'siteKeyRevoked';
    });
    return redirectWithNotice(c, pageOf(site), notice);
  }

  /** Answers with the findings at once: nothing is kept that a redirect could lead to. */
  async function tryToken(c: AdminContext) {
    if (!explainToken) return refusedPage(c, { reason: 'notFound', status: 404 });
    const token = (c.get('form')['secretToken'] ?? '').trim();
    const problems: Problems = token === '' ? { secretToken: 'siteToken' } : {};
    const report = token === '' ? undefined : await explainToken(token);
    const body = tokenTry(c, { report, problems });
    return showPage(c, { title: c.get('words').sites.try, section: 'sites', body, status: report ? 200 : 422 });
  }

  function showTry(c: AdminContext) {
    if (!explainToken) return refusedPage(c, { reason: 'notFound', status: 404 });
    return showPage(c, { title: c.get('words').sites.try, section: 'sites', body: tokenTry(c, { problems: {} }) });
  }

  /** Runs `page` with the site of the address, or says that there is none. */
  const withSite = (page: (c: AdminContext, site: SiteRow) => Answer) => async (c: AdminContext) => {
    const site = await store.sites.get(c.req.param('id') ?? '');
    return site ? page(c, site) : refusedPage(c, { reason: 'notFound', status: 404 });
  };

  return new Hono<AdminEnv>()
    .get('/', (c) => showList(c))
    .post('/', create)
    .get('/~token', showTry)
    .post('/~token', tryToken)
    .get(
      '/:id',
      withSite((c, site) => showOne(c, site)),
    )
    .get('/:id/:form', (c) => c.redirect(`${front}/${encodeURIComponent(c.req.param('id'))}`, 303))
    .post('/:id/settings', withSite(update))
    .post('/:id/rotation', withSite(rotate))
    .post('/:id/rotation-end', withSite(finishRotation))
    .post('/:id/keys', withSite(makeApiKey))
    .post('/:id/keys/:key/revoke', withSite(revokeApiKey));
}

/** Columns of what a form says. */
function rowOf(value: Form | Record<string, unknown>): Partial<SiteRow> {
  const { maxTokenMinutes, ...rest } = value;
  const columns = rest as Partial<SiteRow>;
  return typeof maxTokenMinutes === 'number' ? { ...columns, maxTokenSeconds: maxTokenMinutes * 60 } : columns;
}
