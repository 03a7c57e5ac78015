import { html } from 'hono/html';
import type { OperatorRow } from '../../store/schema.ts';
import { builtInLogin, isViewer } from '../actor.ts';
import { moment, type Html } from '../format.ts';
import { formToken } from '../layout.ts';
import { operatorRoles } from '../operator-forms.ts';
import type { OperatorEdit } from '../pages/operators.ts';
import type { AdminContext } from '../parts.ts';
import { facts, pageHead } from './blocks.ts';
import { selectField, textField } from './field.ts';
import { sessionSection, type ListedSession } from './session-table.ts';
import { table } from './table.ts';

const front = '/admin/operators';

interface OperatorList {
  operators: OperatorRow[];
  sessions: ListedSession[];
  edit: OperatorEdit | undefined;
}

/** Everybody who may sign in, one's own password, a new operator, the sessions. */
export function operatorList(c: AdminContext, { operators, sessions, edit }: OperatorList): Html {
  const { operators: words } = c.get('words');
  const language = c.get('language');
  const builtIn = [builtInLogin, words.roles.owner, words.builtIn, ''];
  const row = (operator: OperatorRow) => [
    html`<a href="${front}/${operator.id}">${operator.login}</a>`,
    words.roles[operator.role],
    operator.disabledAt === null ? words.active : html`<span class="badge badge-failed">${words.disabled}</span>`,
    moment(language, operator.createdAt),
  ];
  const list = table({
    caption: words.title,
    columns: [{ label: words.login }, { label: words.role }, { label: words.state }, { label: words.since }],
    rows: [builtIn, ...operators.map(row)],
  });
  return html`${pageHead(words.title, words.lead)} ${list}
    <div class="tiles">${!isViewer(c) && newOperator(c, edit)} ${ownPassword(c, edit)}</div>
    ${sessionSection(c, sessions)}`;
}

function newOperator(c: AdminContext, edit: OperatorEdit | undefined): Html {
  const { operators: words } = c.get('words');
  const { form, common, alert } = standing(c, edit?.of === 'new' ? edit : undefined);
  return html`<section class="card">
    <h2>${words.create}</h2>
    <form method="post" action="${front}">
      ${formToken(c)} ${alert}
      ${textField({ ...common('login'), label: words.login, hint: words.loginHint, value: form['login'] ?? '' })}
      ${roleField(c, { ...common('role'), value: form['role'] ?? 'viewer' })}
      ${newPasswordField(c, common('newPassword'))}
      <div class="form-end"><button>${words.createSubmit}</button></div>
    </form>
  </section>`;
}

function ownPassword(c: AdminContext, edit: OperatorEdit | undefined): Html {
  const { operators: words } = c.get('words');
  if (c.get('session').operatorId === null)
    return html`<section class="card">
      <h2>${words.own}</h2>
      <p>${words.ownBuiltIn}</p>
    </section>`;
  const { common, alert } = standing(c, edit?.of === 'own' ? edit : undefined, 'own');
  return html`<section class="card">
    <h2>${words.own}</h2>
    <p class="hint">${words.ownEnds}</p>
    <form method="post" action="${front}/password">
      ${formToken(c)} ${alert}
      ${textField({
        ...common('currentPassword'),
        label: words.currentPassword,
        type: 'password',
        autocomplete: 'current-password',
        value: '',
      })}
      ${newPasswordField(c, common('newPassword'))}
      <div class="form-end"><button>${words.ownSubmit}</button></div>
    </form>
  </section>`;
}

/** One operator: role, a new password, whether he may sign in. */
export function operatorView(
  c: AdminContext,
  { operator, edit }: { operator: OperatorRow; edit: OperatorEdit | undefined },
): Html {
  const { operators: words } = c.get('words');
  const isOwn = c.get('session').operatorId === operator.id;
  return html`<p class="back"><a href="${front}">← ${words.title}</a></p>
    <div class="page-head"><h1>${operator.login}</h1></div>
    <div class="tiles">
      <section class="card">
        <h2>${words.access}</h2>
        ${facts([
          [words.role, words.roles[operator.role]],
          [words.state, operator.disabledAt === null ? words.active : words.disabled],
          [words.since, moment(c.get('language'), operator.createdAt)],
        ])}
        ${roleForm(c, operator, edit)} ${isOwn ? html`<p class="hint">${words.ownRole}</p>` : switchForm(c, operator)}
        <p><a href="/admin/audit?target=${encodeURIComponent(operator.login)}">${words.inAudit}</a></p>
      </section>
      <section class="card">
        <h2>${words.newPasswordTitle}</h2>
        ${passwordForm(c, operator, edit)}
      </section>
    </div>`;
}

function roleForm(c: AdminContext, operator: OperatorRow, edit: OperatorEdit | undefined): Html {
  const { operators: words, save } = c.get('words');
  const { form, common, alert } = standing(c, edit?.of === 'role' ? edit : undefined);
  return html`<form method="post" action="${front}/${operator.id}/role">
    ${formToken(c)} ${alert} ${roleField(c, { ...common('role'), value: form['role'] ?? operator.role })}
    <p class="hint">${words.rolesHint}</p>
    <div class="form-end"><button>${save}</button></div>
  </form>`;
}

function switchForm(c: AdminContext, operator: OperatorRow): Html {
  const { operators: words } = c.get('words');
  const action = operator.disabledAt === null ? 'disable' : 'enable';
  return html`<form method="post" action="${front}/${operator.id}/${action}">
    ${formToken(c)}
    <p class="hint">${words.switchHint[action]}</p>
    <div class="form-end"><button class="quiet">${words.switch[action]}</button></div>
  </form>`;
}

function passwordForm(c: AdminContext, operator: OperatorRow, edit: OperatorEdit | undefined): Html {
  const { operators: words } = c.get('words');
  const { common, alert } = standing(c, edit?.of === 'password' ? edit : undefined);
  return html`<p class="hint">${words.passwordEnds}</p>
    <form method="post" action="${front}/${operator.id}/password">
      ${formToken(c)} ${alert} ${newPasswordField(c, common('newPassword'))}
      <div class="form-end"><button>${words.newPasswordSubmit}</button></div>
    </form>`;
}

type Common = { id: string; name: string; required: true; problem: string | undefined };

/** How a form stands: what was typed, and what each field says about it. `front` keeps ids of two forms apart. */
function standing(c: AdminContext, edit: OperatorEdit | undefined, front = '') {
  const { problems: sentences, problemsTitle } = c.get('words');
  const problems = edit?.problems ?? {};
  const common = (name: string): Common => ({
    id: front ? `${front}-${name}` : name,
    name,
    required: true,
    problem: problems[name] && sentences[problems[name]],
  });
  const alert = Object.keys(problems).length > 0 && html`<p class="alert" role="alert">${problemsTitle}</p>`;
  return { form: edit?.form ?? {}, common, alert };
}

/** Never filled in: a password that was typed is not sent back. */
const newPasswordField = (c: AdminContext, common: Common): Html =>
  textField({
    ...common,
    label: c.get('words').operators.newPassword,
    hint: c.get('words').operators.passwordHint,
    type: 'password',
    autocomplete: 'new-password',
    value: '',
  });

function roleField(c: AdminContext, one: Common & { value: string }): Html {
  const { operators: words } = c.get('words');
  const options = operatorRoles.map((value) => ({ value, label: words.rolesLong[value] }));
  return selectField({ ...one, label: words.role, options });
}
