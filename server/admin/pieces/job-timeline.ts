import { html } from 'hono/html';
import type { JobStage } from '../../jobs/job.ts';
import type { JobEventRow } from '../../store/schema.ts';
import { moment, type Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { auditDetail } from './audit-detail.ts';
import { table } from './table.ts';

/** What happened to a job, oldest first. `isCut` says that there is more than what is shown. */
export function jobTimeline(c: AdminContext, { events, isCut }: { events: JobEventRow[]; isCut: boolean }): Html {
  const { deeds: words } = c.get('words');
  return html`<section class="list" id="timeline">
    <h2>${words.timeline}</h2>
    ${events.length === 0 ? html`<p class="empty">${words.timelineEmpty}</p>` : timelineTable(c, events)}
    ${isCut && html`<p class="hint">${words.timelineCut(events.length)}</p>`}
  </section>`;
}

function timelineTable(c: AdminContext, events: JobEventRow[]): Html {
  const { deeds: words } = c.get('words');
  return table({
    caption: words.timeline,
    columns: [{ label: words.what }, { label: words.details }],
    rows: events.map((event) => [
      html`${nameOf(c, event)} <span class="hint">${moment(c.get('language'), event.at, 'seconds')}</span>`,
      event.kind === 'stage' ? stageName(c, event.detail['stage']) : auditDetail(c, withoutAsked(event.detail)),
    ]),
  });
}

/** The row's name says it already. */
const withoutAsked = (detail: JobEventRow['detail']) =>
  Object.fromEntries(Object.entries(detail).filter(([name]) => name !== 'asked'));

/** A kind of a later version stands for itself. */
function nameOf(c: AdminContext, { kind, detail }: JobEventRow): string {
  const { kinds, asked } = c.get('words').deeds;
  const question = String(detail['asked']);
  if (kind === 'provider' && Object.hasOwn(asked, question)) return asked[question]!;
  const names: Record<string, string> = kinds;
  return Object.hasOwn(names, kind) ? names[kind]! : kind;
}

function stageName(c: AdminContext, stage: unknown): string {
  const { stages } = c.get('words');
  return Object.hasOwn(stages, String(stage)) ? stages[stage as JobStage] : String(stage);
}
