import { Hono } from 'hono';
import type { OperatorRow } from '../../store/schema.ts';
import type { OperatorChange } from '../../store/operators.ts';
import { actorOf } from '../actor.ts';
import type { Attempts } from '../attempts.ts';
import { auditBy, changed } from '../audit-entry.ts';
import { checkForm, type Form, type Problems } from '../form.ts';
import { showPage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import { newOperatorSchema, newPasswordSchema, ownPasswordSchema, roleSchema } from '../operator-forms.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import type { Passwords } from '../passwords.ts';
import { operatorList, operatorView } from '../pieces/operator-view.ts';
import type { NoticeKey } from '../i18n/dictionary.ts';
import type { Sessions } from '../session.ts';
import { refusedPage } from './refused.ts';
import { sessionRoutes } from './sessions.ts';
import { showLimit } from './sign-in.ts';

const front = '/admin/operators';
const sessionsShown = 200;

/** A form that comes back: which one, what was typed and what is wrong with it. */
export interface OperatorEdit {
  of: 'new' | 'own' | 'role' | 'password';
  form: Form;
  problems: Problems;
}

export interface AccessParts extends AdminParts {
  sessions: Sessions;
  passwords: Passwords;
  attempts: Attempts;
  clientAddress: (c: AdminContext) => string;
}

type Edit = OperatorEdit & { status: 409 | 422 };

/** Who may sign in, with which role, and the sessions there are. */
export function operatorPages(parts: AccessParts): Hono<AdminEnv> {
  const { store, sessions, passwords, attempts, clientAddress, runtime, log } = parts;

  async function showList(c: AdminContext, edit?: Edit) {
    const { operators: words } = c.get('words');
    const [operators, live] = await Promise.all([store.operators.list(), sessions.list(sessionsShown)]);
    const body = operatorList(c, { operators, sessions: live, edit });
    return showPage(c, { title: words.title, section: 'operators', body, status: edit?.status ?? 200 });
  }

  function showOne(c: AdminContext, operator: OperatorRow, edit?: Edit) {
    const body = operatorView(c, { operator, edit });
    return showPage(c, { title: operator.login, section: 'operators', body, status: edit?.status ?? 200 });
  }

  async function create(c: AdminContext) {
    const form = c.get('form');
    const { value, problems } = checkForm(newOperatorSchema, form);
    if (!value) return showList(c, { of: 'new', form, problems, status: 422 });
    const { login, role } = value;
    const passwordHash = await passwords.hash(value.newPassword);
    const created = await store.transaction(async (tx) => {
      const row = { id: runtime.newId(), login, role, passwordHash, createdAt: runtime.now(), disabledAt: null };
      if (!(await store.operators.create(tx, row))) return false;
      const entry = { ...auditBy(c, runtime), action: 'operator.created', target: login, detail: { role } };
      await store.auditLog.write(tx, entry);
      return true;
    });
    if (!created) return showList(c, { of: 'new', form, problems: { login: 'loginTaken' }, status: 409 });
    log.info({ login, role, by: actorOf(c) }, 'an operator was created');
    return redirectWithNotice(c, front, 'operatorCreated');
  }

  /** One change with its audit entry, and the end of the sessions that must not outlive it. Null after a lost race. */
  function change(
    c: AdminContext,
    wish: { from: OperatorRow; set: OperatorChange; action: string; endsSessions: boolean },
  ): Promise<OperatorRow | null> {
    const { from, set, action } = wish;
    return store.transaction(async (tx) => {
      const row = await store.operators.change(tx, { from, set });
      if (!row) return null;
      const whose = { now: runtime.now(), operatorId: from.id, except: c.get('session').id };
      const ended = wish.endsSessions ? (await store.operators.endSessions(tx, whose)).length : 0;
      const { passwordHash: _secret, ...facts } = set;
      const detail = { ...changed(from, facts), ...(wish.endsSessions && { sessionsEnded: ended }) };
      await store.auditLog.write(tx, { ...auditBy(c, runtime), action, target: from.login, detail });
      log.info({ login: from.login, action, by: actorOf(c) }, 'an operator was changed');
      return row;
    });
  }

  async function setRole(c: AdminContext, from: OperatorRow) {
    const form = c.get('form');
    const { value, problems } = checkForm(roleSchema, form);
    if (!value) return showOne(c, from, { of: 'role', form, problems, status: 422 });
    if (isSelf(c, from)) return showOne(c, from, { of: 'role', form, problems: { role: 'ownRole' }, status: 422 });
    if (value.role === from.role) return redirectWithNotice(c, `${front}/${from.id}`, 'operatorSame');
    const row = await change(c, { from, set: value, action: 'operator.roleChanged', endsSessions: false });
    return answer(c, from, row, 'operatorChanged');
  }

  async function setPassword(c: AdminContext, from: OperatorRow) {
    const form = c.get('form');
    const { value, problems } = checkForm(newPasswordSchema, form);
    if (!value) return showOne(c, from, { of: 'password', form, problems, status: 422 });
    const passwordHash = await passwords.hash(value.newPassword);
    const row = await change(c, { from, set: { passwordHash }, action: 'operator.passwordSet', endsSessions: true });
    return answer(c, from, row, 'passwordSet');
  }

  async function setDisabled(c: AdminContext, from: OperatorRow, isDisabled: boolean) {
    if (isSelf(c, from)) {
      const edit: Edit = { of: 'role', form: { role: from.role }, problems: { role: 'ownRole' }, status: 422 };
      return showOne(c, from, edit);
    }
    if (isDisabled === (from.disabledAt !== null)) return redirectWithNotice(c, `${front}/${from.id}`, 'operatorSame');
    const set = { disabledAt: isDisabled ? runtime.now() : null };
    const action = isDisabled ? 'operator.disabled' : 'operator.enabled';
    const row = await change(c, { from, set, action, endsSessions: isDisabled });
    return answer(c, from, row, isDisabled ? 'operatorDisabled' : 'operatorEnabled');
  }

  function answer(c: AdminContext, from: OperatorRow, row: OperatorRow | null, notice: NoticeKey) {
    if (row) return redirectWithNotice(c, `${front}/${from.id}`, notice);
    return showOne(c, from, { of: 'role', form: {}, problems: { role: 'operatorConflict' }, status: 409 });
  }

  async function setOwnPassword(c: AdminContext) {
    const form = c.get('form');
    const { operatorId, operator } = c.get('session');
    const from = operatorId === null ? null : await store.operators.get(operatorId);
    if (!from) return refusedPage(c, { reason: 'notFound', status: 404 });
    const { value, problems } = checkForm(ownPasswordSchema, form);
    if (!value) return showList(c, { of: 'own', form, problems, status: 422 });
    const attempt = { address: clientAddress(c), login: operator.login };
    const waitSeconds = await attempts.take(attempt);
    if (waitSeconds !== null) return showLimit(c, waitSeconds);
    if (!(await passwords.isRight(value.currentPassword, from.passwordHash)))
      return showList(c, { of: 'own', form, problems: { currentPassword: 'passwordWrong' }, status: 422 });
    await attempts.forget(attempt);
    const passwordHash = await passwords.hash(value.newPassword);
    const wish = { from, set: { passwordHash }, action: 'operator.passwordChanged', endsSessions: true };
    if (await change(c, wish)) return redirectWithNotice(c, front, 'passwordSet');
    return showList(c, { of: 'own', form, problems: { newPassword: 'operatorConflict' }, status: 409 });
  }

  /** Runs `page` with the operator of the address, or says that there is none. */
  const withOperator =
    (page: (c: AdminContext, operator: OperatorRow) => Response | Promise<Response>) => async (c: AdminContext) => {
      const operator = await store.operators.get(c.req.param('id') ?? '');
      return operator ? page(c, operator) : refusedPage(c, { reason: 'notFound', status: 404 });
    };

  return new Hono<AdminEnv>()
    .get('/', (c) => showList(c))
    .post('/', create)
    .get('/password', (c) => c.redirect(front, 303))
    .post('/password', setOwnPassword)
    .route('/sessions', sessionRoutes(parts))
    .get('/:id', withOperator(showOne))
    .get('/:id/:form', (c) => c.redirect(`${front}/${encodeURIComponent(c.req.param('id'))}`, 303))
    .post('/:id/role', withOperator(setRole))
    .post('/:id/password', withOperator(setPassword))
    .post(
      '/:id/disable',
      withOperator((c, operator) => setDisabled(c, operator, true)),
    )
    .post(
      '/:id/enable',
      withOperator((c, operator) => setDisabled(c, operator, false)),
    );
}

const isSelf = (c: AdminContext, operator: OperatorRow): boolean => c.get('session').operatorId === operator.id;
