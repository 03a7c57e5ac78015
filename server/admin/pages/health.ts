import { Hono } from 'hono';
import { html } from 'hono/html';
import { dayStartMs } from '../../jobs/caps.ts';
import { createSeal } from '../../secrets.ts';
import type { ProviderCredentialsRow } from '../../store/schema.ts';
import { actorOf } from '../actor.ts';
import { auditBy, changed } from '../audit-entry.ts';
import { checkForm } from '../form.ts';
import { showPage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { pageHead } from '../pieces/blocks.ts';
import { live } from '../pieces/live.ts';
import {
  accountsView,
  findingsView,
  type AccountState,
  type LastLook,
  type ProviderEdit,
} from '../pieces/health-view.ts';
import { knownAccounts } from '../provider-accounts.ts';
import { newProviderForm, providerSettings } from '../provider-form.ts';
import { refusedPage } from './refused.ts';

const front = '/admin/health';
const lookAgainAfterMs = 30_000;

type Edit = ProviderEdit & { status: 409 | 422 };

/** Whether the installation is well, and the provider accounts with what they may take. */
export function healthPages({ store, runtime, log, secret, health: desk }: AdminParts): Hono<AdminEnv> {
  const seal = createSeal(secret);
  const newProvider = newProviderForm(desk?.accounts.map(({ baseUrl }) => baseUrl) ?? []);
  let last: LastLook | null = null;
  let looking: Promise<void> | null = null;

  /** Looks once for everybody who asks meanwhile, and not again within half a minute. */
  async function look(): Promise<void> {
    if (!desk || (last && Math.abs(runtime.now() - last.at) < lookAgainAfterMs)) return;
    looking ??= desk
      .examine()
      .then((checkup) => void (last = { at: runtime.now(), checkup }))
      .finally(() => (looking = null));
    await looking;
  }

  async function accountStates(): Promise<AccountState[]> {
    const [kept, rows, used] = await Promise.all([
      store.providerCredentials.list(),
      store.queue.providerAccounts(),
      store.queue.slotsUsedByAccount(store.read),
    ]);
    const known = knownAccounts({ fixed: desk?.accounts ?? [], kept, usedIds: rows.map(({ id }) => id) });
    const since = dayStartMs(runtime.now());
    return Promise.all(
      known.map(async (account) => {
        const { id } = account;
        const row = rows.find((one) => one.id === id);
        const slotsUsed = used.get(id) ?? 0;
        const tasksToday = await store.counts.tasksSince(store.read, { providerAccount: id, since });
        const pause = { pausedUntil: row?.pausedUntil ?? 0, pauseReason: row?.pauseReason ?? null };
        return { ...account, slotsUsed, tasksToday, ...pause };
      }),
    );
  }

  async function show(c: AdminContext, edit?: Edit) {
    const { health: words } = c.get('words');
    const accounts = await accountStates();
    const facts = { accounts, last, edit, now: runtime.now(), dailyJobs: desk?.dailyJobs ?? 0 };
    const body = html`${pageHead(words.title, words.lead)} ${findingsView(c, last, desk !== undefined)}
    ${edit ? accountsView(c, facts) : live(c, accountsView(c, facts))}`;
    return showPage(c, { title: words.title, section: 'health', body, status: edit?.status ?? 200 });
  }

  async function add(c: AdminContext) {
    const form = c.get('form');
    const { value, problems } = checkForm(newProvider, form);
    const of = form['provider'] === 'kie' ? 'new-kie' : 'new-kling';
    if (!value) return show(c, { of, form, problems, status: 422 });
    const { credentials, ...settings } = value;
    const known = await store.providerCredentials.list();
    const now = runtime.now();
    const row: ProviderCredentialsRow = {
      // Rows are never taken away, so their number is free; of two at once one answers with a conflict.
      id: `${settings.provider}-${known.length + 2}`,
      sealedCredentials: seal.seal(JSON.stringify(credentials)),
      enabled: true,
      createdAt: now,
      updatedAt: now,
      ...settings,
    };
    const added = await store.transaction(async (tx) => {
      const made = await store.providerCredentials.add(tx, row);
      const entry = { ...auditBy(c, runtime), action: 'provider.added', target: row.id, detail: settings };
      if (made) await store.auditLog.write(tx, entry);
      return made;
    });
    if (!added) return show(c, { of, form, problems: { label: 'providerConflict' }, status: 409 });
    log.info({ providerAccount: row.id, by: actorOf(c) }, 'a provider account was added');
    return redirectWithNotice(c, front, 'providerAdded');
  }

  /** Writes a change with its audit entry; false when somebody else was first. */
  async function write(
    c: AdminContext,
    kept: ProviderCredentialsRow,
    { action, set, expectedUpdatedAt }: { action: string; set: object; expectedUpdatedAt: number },
  ): Promise<boolean> {
    const updatedAt = Math.max(runtime.now(), kept.updatedAt + 1);
    const row = await store.transaction(async (tx) => {
      const change = { id: kept.id, set: { ...set, updatedAt }, expectedUpdatedAt };
      const made = await store.providerCredentials.change(tx, change);
      const entry = { ...auditBy(c, runtime), action, target: kept.id, detail: changed(kept, set) };
      if (made) await store.auditLog.write(tx, entry);
      return made;
    });
    return row !== null;
  }

  async function change(c: AdminContext, kept: ProviderCredentialsRow) {
    const form = c.get('form');
    const { value, problems } = checkForm(providerSettings, form);
    if (!value) return show(c, { of: kept.id, form, problems, status: 422 });
    const expectedUpdatedAt = Number(form['expectedUpdatedAt']) || 0;
    const isWritten = await write(c, kept, { action: 'provider.changed', set: value, expectedUpdatedAt });
    if (!isWritten) return show(c, { of: kept.id, form, problems: { label: 'providerConflict' }, status: 409 });
    return redirectWithNotice(c, front, 'providerChanged');
  }

  const setEnabled = (enabled: boolean) => async (c: AdminContext, kept: ProviderCredentialsRow) => {
    const action = enabled ? 'provider.enabled' : 'provider.disabled';
    if (kept.enabled !== enabled) await write(c, kept, { action, set: { enabled }, expectedUpdatedAt: kept.updatedAt });
    return redirectWithNotice(c, front, enabled ? 'providerEnabled' : 'providerDisabled');
  };

  /** Ends the pause and makes the account's unsent jobs due. A provider that still says no pauses it again. */
  async function retry(c: AdminContext) {
    const id = c.req.param('id') ?? '';
    if (!(await store.queue.providerAccounts()).some((row) => row.id === id))
      return refusedPage(c, { reason: 'notFound', status: 404 });
    const now = runtime.now();
    await store.transaction(async (tx) => {
      await store.queue.pauseAccount(tx, { id, until: 0, reason: null, now });
      await store.queue.wakeUnsent(tx, { providerAccount: id, now });
      await store.auditLog.write(tx, { ...auditBy(c, runtime), action: 'provider.resumed', target: id, detail: {} });
    });
    return redirectWithNotice(c, front, 'providerResumed');
  }

  const withAccount =
    (page: (c: AdminContext, kept: ProviderCredentialsRow) => Promise<Response>) => async (c: AdminContext) => {
      const kept = await store.providerCredentials.get(c.req.param('id') ?? '');
      return kept ? page(c, kept) : refusedPage(c, { reason: 'notFound', status: 404 });
    };

  return new Hono<AdminEnv>()
    .get('/', async (c) => {
      if (c.req.query('run') !== '1') return show(c);
      await look();
      return c.redirect(front, 303);
    })
    .get('/accounts/*', (c) => c.redirect(front, 303))
    .post('/accounts', add)
    .post('/accounts/:id', withAccount(change))
    .post('/accounts/:id/disable', withAccount(setEnabled(false)))
    .post('/accounts/:id/enable', withAccount(setEnabled(true)))
    .post('/accounts/:id/retry', retry);
}
