import { html } from 'hono/html';
import type { OwnedSession } from '../../store/operators.ts';
import { isViewer, type Operator } from '../actor.ts';
import { moment, type Html } from '../format.ts';
import { formToken } from '../layout.ts';
import type { AdminContext } from '../parts.ts';
import { browserName } from './browser-name.ts';
import { table } from './table.ts';

export type ListedSession = OwnedSession & { owner: Operator };

/** Who is signed in where. A viewer sees only sessions of his own. */
export function sessionSection(c: AdminContext, sessions: ListedSession[]): Html {
  const { operators: words } = c.get('words');
  const own = c.get('session');
  const shown = isViewer(c) ? sessions.filter(({ session }) => session.operatorId === own.operatorId) : sessions;
  const others = shown.filter(({ session }) => session.id !== own.id);
  return html`<section class="list" aria-labelledby="sessions">
    <h2 id="sessions">${words.sessions}</h2>
    <p class="hint">${words.sessionsHint}</p>
    ${sessionTable(c, shown)}
    ${
      !isViewer(c) &&
      others.length > 0 &&
      html`<form method="post" action="/admin/operators/sessions/end-others">
        ${formToken(c)}
        <div class="form-end"><button class="quiet">${words.endOthers}</button></div>
      </form>`
    }
  </section>`;
}

function sessionTable(c: AdminContext, sessions: ListedSession[]): Html {
  const { operators: words } = c.get('words');
  const language = c.get('language');
  return table({
    caption: words.sessions,
    columns: [
      { label: words.who },
      { label: words.address },
      { label: words.browser },
      { label: words.signedIn },
      { label: words.expires },
      { label: words.action },
    ],
    rows: sessions.map(({ session, owner }) => [
      owner.login,
      session.address,
      browserName(session.userAgent),
      moment(language, session.createdAt),
      moment(language, session.expiresAt),
      endCell(c, session.id, `${owner.login}, ${session.address}`),
    ]),
  });
}

function endCell(c: AdminContext, id: string, name: string): Html {
  const { operators: words } = c.get('words');
  if (id === c.get('session').id) return html`<span class="badge">${words.current}</span>`;
  if (isViewer(c)) return html`—`;
  return html`<form method="post" action="/admin/operators/sessions/${id}/end">
    ${formToken(c)}<button class="quiet">${words.end}<span class="unseen"> ${name}</span></button>
  </form>`;
}
