import { html } from 'hono/html';
import type { SiteRow, WebhookDeliveryRow, WebhookEndpointRow } from '../../store/schema.ts';
import { hostEvents } from '../../webhooks/endpoints.ts';
import type { Form, Problems } from '../form.ts';
import { moment, wholeNumber, type Html } from '../format.ts';
import { formToken } from '../layout.ts';
import type { AdminContext } from '../parts.ts';
import { emptyState, facts, pageHead } from './blocks.ts';
import { checkBox, selectField, textField } from './field.ts';
import { table } from './table.ts';

const front = '/admin/webhooks';

/** A form that comes back: what was typed and what is wrong with it. */
export interface WebhookEdit {
  form: Form;
  problems: Problems;
}

interface Log {
  deliveries: WebhookDeliveryRow[];
  /** Between the pages of the log. */
  links: Html;
}

interface ListView extends Log {
  endpoints: WebhookEndpointRow[];
  sites: SiteRow[];
  edit: WebhookEdit | undefined;
}

interface EndpointView extends Log {
  endpoint: WebhookEndpointRow;
  /** Made a moment ago; shown this once. */
  secret: string | undefined;
  edit: WebhookEdit | undefined;
}

/** All endpoints, the form of a new one, the log of every delivery. */
export function webhookList(c: AdminContext, view: ListView): Html {
  const { webhooks: words } = c.get('words');
  const { endpoints } = view;
  return html`${pageHead(words.title, words.lead)}
    ${endpoints.length > 0 ? endpointTable(c, view) : emptyState(words.empty, words.emptyDo)}
    <section class="card">
      <h2>${words.create}</h2>
      ${createForm(c, view)}
    </section>
    ${logSection(c, view, new Map(endpoints.map(({ id, url }) => [id, url])))}`;
}

/** One endpoint: its settings, its secret, what was sent to it. */
export function endpointView(c: AdminContext, view: EndpointView): Html {
  const { webhooks: words, save } = c.get('words');
  const { endpoint, secret, edit } = view;
  const { alert } = standing(c, edit);
  return html`<p class="back"><a href="${front}">← ${words.title}</a></p>
    <div class="page-head"><h1>${words.endpoint}</h1></div>
    ${
      secret !== undefined &&
      html`<section class="card" aria-label="${words.secret}">
        <h2>${words.secret}</h2>
        <p>${words.secretOnce}</p>
        <pre class="snippet" tabindex="0"><code>${secret}</code></pre>
      </section>`
    }
    <div class="tiles">
      <section class="card">
        <h2>${words.settings}</h2>
        ${facts([
          [words.site, endpoint.siteId],
          [words.state, stateOf(c, endpoint)],
          [words.since, moment(c.get('language'), endpoint.createdAt)],
        ])}
        <form method="post" action="${front}/${endpoint.id}/settings">
          ${formToken(c)} ${alert}
          <input type="hidden" name="expectedUpdatedAt" value="${endpoint.updatedAt}" />
          ${addressAndEvents(c, edit, endpoint)}
          <div class="form-end"><button>${save}</button></div>
        </form>
      </section>
      <section class="card">
        <h2>${words.secret}</h2>
        ${rotation(c, endpoint)}
        <h2>${words.deeds}</h2>
        ${deed(c, endpoint, { path: 'test', label: words.test, hint: words.testHint })}
        ${
          endpoint.enabled
            ? deed(c, endpoint, { path: 'disable', label: words.disable, hint: words.disableHint })
            : deed(c, endpoint, { path: 'enable', label: words.enable, hint: words.enableHint })
        }
      </section>
    </div>
    ${logSection(c, view)}`;
}

function stateOf(c: AdminContext, { enabled }: WebhookEndpointRow): Html {
  const { webhooks: words } = c.get('words');
  const [kind, word] = enabled ? ['completed', words.enabled] : ['cancelled', words.disabled];
  return html`<span class="badge badge-${kind}">${word}</span>`;
}

function endpointTable(c: AdminContext, { endpoints, sites }: ListView): Html {
  const { webhooks: words } = c.get('words');
  const nameOf = new Map(sites.map(({ id, name }) => [id, name]));
  return table({
    caption: words.title,
    columns: [{ label: words.url }, { label: words.site }, { label: words.events }, { label: words.state }],
    rows: endpoints.map((endpoint) => [
      html`<a class="clamp" href="${front}/${endpoint.id}">${endpoint.url}</a>`,
      nameOf.get(endpoint.siteId) ?? endpoint.siteId,
      html`${endpoint.events.map((event) => html`<span class="hint">${words.eventNames[event]}</span>`)}`,
      stateOf(c, endpoint),
    ]),
  });
}

function createForm(c: AdminContext, { sites, edit }: ListView): Html {
  const { webhooks: words } = c.get('words');
  const { form, problemOf, alert } = standing(c, edit);
  const options = sites.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} (${id})` }));
  return html`<form method="post" action="${front}">
    ${formToken(c)} ${alert}
    ${selectField({ id: 'site', label: words.site, value: form['site'] ?? '', options, problem: problemOf('site') })}
    ${addressAndEvents(c, edit)}
    <div class="form-end"><button>${words.createSubmit}</button></div>
  </form>`;
}

function addressAndEvents(c: AdminContext, edit: WebhookEdit | undefined, kept?: WebhookEndpointRow): Html {
  const { webhooks: words } = c.get('words');
  const { form, problemOf } = standing(c, edit);
  const url = { id: 'url', value: form['url'] ?? kept?.url ?? '', problem: problemOf('url'), required: true };
  const isTicked = (event: (typeof hostEvents)[number]) =>
    edit ? form[event] === 'on' : (kept?.events.includes(event) ?? true);
  const problem = problemOf('events');
  return html`${textField({ ...url, label: words.url, hint: words.urlHint })}
    <fieldset ${problem && html`aria-describedby="events-problem"`}>
      <legend>${words.events}</legend>
      ${hostEvents.map((event) =>
        checkBox({ id: event, name: event, label: words.eventNames[event], checked: isTicked(event) }),
      )}
      ${problem && html`<p class="problem" id="events-problem">${problem}</p>`}
    </fieldset>`;
}

function rotation(c: AdminContext, endpoint: WebhookEndpointRow): Html {
  const { webhooks: words } = c.get('words');
  if (endpoint.sealedNextSecret === null)
    return deed(c, endpoint, { path: 'rotation', label: words.rotate, hint: words.rotateHint });
  return html`<p><span class="badge badge-pending">${words.rotating}</span></p>
    ${deed(c, endpoint, { path: 'rotation-end', label: words.rotationEnd, hint: words.rotationEndHint })}
    ${deed(c, endpoint, { path: 'rotation', label: words.rotateAgain, hint: words.rotateAgainHint })}`;
}

function deed(c: AdminContext, { id }: WebhookEndpointRow, one: { path: string; label: string; hint: string }): Html {
  return html`<form method="post" action="${front}/${id}/${one.path}">
    ${formToken(c)}
    <p class="hint">${one.hint}</p>
    <div class="form-end"><button class="quiet">${one.label}</button></div>
  </form>`;
}

/** `urls` by endpoint, where the log is of several. */
function logSection(c: AdminContext, { deliveries, links }: Log, urls?: Map<string, string>): Html {
  const { webhooks: words } = c.get('words');
  return html`<section class="list">
    <h2>${words.log}</h2>
    <p class="hint">${words.logHint}</p>
    ${deliveries.length > 0 ? logTable(c, deliveries, urls) : html`<p class="empty">${words.logEmpty}</p>`} ${links}
  </section>`;
}

function logTable(c: AdminContext, deliveries: WebhookDeliveryRow[], urls: Map<string, string> | undefined): Html {
  const { webhooks: words } = c.get('words');
  const language = c.get('language');
  return table({
    caption: words.log,
    columns: [
      { label: words.event },
      { label: words.status },
      { label: words.attempts, isNumber: true },
      { label: words.answer },
      { label: words.replay },
    ],
    rows: deliveries.map((one) => [
      html`${words.eventNames[one.event]}
        <span class="hint">${moment(language, one.createdAt, 'seconds')}</span>
        ${urls && html`<a class="hint" href="${front}/${one.endpointId}">${urls.get(one.endpointId)}</a>`}
        ${aboutOf(c, one)} <code class="hint">${one.messageId}</code>`,
      html`<span class="badge badge-${badges[one.status]}">${words.statuses[one.status]}</span> ${
          one.status === 'pending' &&
          html`<span class="hint">${words.nextTry} ${moment(language, one.dueAt, 'seconds')}</span>`
        }`,
      wholeNumber(language, one.attempts),
      answerOf(c, one),
      replayForm(c, one),
    ]),
  });
}

const badges = { pending: 'pending', delivered: 'completed', failed: 'failed' } as const;

function aboutOf(c: AdminContext, { payload }: WebhookDeliveryRow): Html | false {
  const { jobs } = c.get('words');
  const jobId = payload.jobId ?? payload.balance?.jobId;
  return jobId !== undefined && html`<a class="hint" href="/admin/jobs/${jobId}">${jobs.job} ${jobId}</a>`;
}

function answerOf(c: AdminContext, { lastStatus, lastError }: WebhookDeliveryRow): Html {
  const { webhooks: words } = c.get('words');
  const said = lastError === null || lastError === '' ? null : (words.faults[lastError] ?? lastError);
  return html`${lastStatus !== null && html`HTTP ${lastStatus}`}
  ${said !== null && html`<span class="hint">${said}</span>`} ${lastStatus === null && said === null && '—'}`;
}

function replayForm(c: AdminContext, { id, event, messageId, status }: WebhookDeliveryRow): Html {
  const { webhooks: words } = c.get('words');
  const label = status === 'pending' ? words.sendNow : words.replaySubmit;
  return html`<form method="post" action="${front}/deliveries/${id}/replay">
    ${formToken(c)}
    <button class="quiet" aria-label="${label}: ${words.eventNames[event]}, ${messageId}">${label}</button>
  </form>`;
}

/** How a form stands: what was typed, and what each field says about it. */
function standing(c: AdminContext, edit: WebhookEdit | undefined) {
  const { problems: sentences, problemsTitle } = c.get('words');
  const problems = edit?.problems ?? {};
  const problemOf = (name: string) => problems[name] && sentences[problems[name]];
  const alert = Object.keys(problems).length > 0 && html`<p class="alert" role="alert">${problemsTitle}</p>`;
  return { form: edit?.form ?? {}, problemOf, alert };
}
