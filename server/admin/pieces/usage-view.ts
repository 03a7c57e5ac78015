import { html } from 'hono/html';
import { chartScripts } from '../assets.ts';
import { decimal, duration, money, moment, wholeNumber, type Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { dayMs, successRate, type Figures, type Usage } from '../usage-figures.ts';
import { table, type Column } from './table.ts';

const minuteMs = 60_000;
const shownPromptLength = 200;
/** A longer list of days is folded: on a phone it would be many screens. */
const openDays = 7;

interface Shown {
  usage: Usage;
  queueNow: number;
  nameOfPreset: (id: string) => string;
  nameOfSite: (id: string) => string;
}

/** Numbers, charts and tables of a span that has jobs. */
export function usageView(c: AdminContext, { usage, queueNow, nameOfPreset, nameOfSite }: Shown): Html {
  const { usage: words } = c.get('words');
  const days = usage.days.toReversed().map(({ day, figures }) => ({ name: isoDay(day), figures, spanMs: dayMs }));
  const named = (rows: Usage['presets'], nameOf: (id: string) => string) =>
    rows.map(({ id, figures }) => ({ name: nameOf(id), figures }));
  return html`${summary(c, usage, queueNow)} ${charts(c, usage)}
    ${section(words.byPreset, figuresTable(c, words.preset, named(usage.presets, nameOfPreset)))}
    ${section(words.bySite, figuresTable(c, words.site, named(usage.sites, nameOfSite)))}
    ${section(words.prompts, promptTable(c, usage.prompts))}
    <details class="history" ${days.length <= openDays && html`open`}>
      <summary>${words.byDay}</summary>
      ${figuresTable(c, words.day, days, usage.at)}
    </details>
    ${chartScripts.map((address) => html`<script defer src="${address}"></script>`)}`;
}

const section = (title: string, content: Html): Html =>
  html`<section class="list">
    <h2>${title}</h2>
    ${content}
  </section>`;

const isoDay = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

function percent(c: AdminContext, figures: Figures): string {
  const rate = successRate(figures);
  return rate === null ? '—' : `${decimal(c.get('language'), Math.round(rate * 1000) / 10)} %`;
}

const took = (c: AdminContext, ms: number | null): string => (ms === null ? '—' : duration(c.get('language'), ms));

/** Cents are enough for a sum. */
const dollars = (c: AdminContext, usd: number): string => money(c.get('language'), Math.round(usd * 100) / 100);

function summary(c: AdminContext, { total, at }: Usage, queueNow: number): Html {
  const { usage: words } = c.get('words');
  const language = c.get('language');
  const numbers: [string, string][] = [
    [words.jobs, wholeNumber(language, total.jobs)],
    [words.success, percent(c, total)],
    [words.median, took(c, total.medianMs)],
    [words.p95, took(c, total.p95Ms)],
    [words.sold, wholeNumber(language, total.tokensSold)],
    [words.refunded, wholeNumber(language, total.tokensRefunded)],
    [words.spend, dollars(c, total.spendUsd)],
    [words.queueNow, wholeNumber(language, queueNow)],
    [words.views, wholeNumber(language, total.views)],
    [words.downloads, wholeNumber(language, total.downloads)],
  ];
  return html`<section class="card" aria-label="${words.summary}">
    <dl class="numbers">
      ${numbers.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p class="hint">${words.asOf} ${moment(language, at, 'seconds')}. ${words.successHint} ${words.readyHint}</p>
    <p class="hint">
      ${words.spendHint} ${total.unpricedClips > 0 && words.unpriced(wholeNumber(language, total.unpricedClips))}
    </p>
  </section>`;
}

interface Row {
  name: string;
  figures: Figures;
  spanMs?: number;
}

function figuresTable(c: AdminContext, first: string, rows: Row[], asOf?: number): Html {
  const { usage: words } = c.get('words');
  const language = c.get('language');
  const numbers = [words.jobs, words.success, words.median, words.p95, words.sold, words.refunded, words.spend];
  const last = [...(asOf === undefined ? [] : [words.queueMean]), words.views, words.downloads];
  const columns: Column[] = [{ label: first }, ...[...numbers, ...last].map((label) => ({ label, isNumber: true }))];
  const cells = rows.map(({ name, figures }) => [
    name,
    wholeNumber(language, figures.jobs),
    percent(c, figures),
    took(c, figures.medianMs),
    took(c, figures.p95Ms),
    wholeNumber(language, figures.tokensSold),
    wholeNumber(language, figures.tokensRefunded),
    dollars(c, figures.spendUsd),
    ...(asOf === undefined ? [] : [decimal(language, Math.round(meanQueue(name, figures, asOf) * 100) / 100)]),
    wholeNumber(language, figures.views),
    wholeNumber(language, figures.downloads),
  ]);
  return html`<div class="dense">${table({ caption: first, columns, rows: cells })}</div>
    ${asOf !== undefined && html`<p class="hint">${words.queueHint}</p>`}`;
}

/** All waiting of the day's jobs together, spread over the day; over what has passed of it when it is today. */
function meanQueue(day: string, { waitedMs }: Figures, at: number): number {
  return waitedMs / Math.max(minuteMs, Math.min(dayMs, at - Date.parse(day)));
}

function promptTable(c: AdminContext, prompts: Usage['prompts']): Html {
  const { usage: words } = c.get('words');
  const language = c.get('language');
  const columns = [words.jobs, words.views, words.downloads].map((label) => ({ label, isNumber: true }));
  const most = table({
    caption: words.prompts,
    columns: [{ label: words.prompt }, ...columns],
    rows: prompts.map(({ prompt, jobs, views, downloads }) => [
      prompt.length > shownPromptLength ? `${prompt.slice(0, shownPromptLength).toWellFormed()}…` : prompt || '—',
      wholeNumber(language, jobs),
      wholeNumber(language, views),
      wholeNumber(language, downloads),
    ]),
  });
  return html`${most}
    <p class="hint">${words.promptsHint}</p>`;
}

/** Hidden until the script has drawn them: without it the tables say the same. */
function charts(c: AdminContext, { days, at }: Usage): Html {
  const { usage: words } = c.get('words');
  const labels = days.map(({ day }) => isoDay(day).slice(5));
  const of = (value: (figures: Figures, day: string) => number | null) =>
    days.map(({ day, figures }) => value(figures, isoDay(day)));
  const minutes = (ms: number | null) => (ms === null ? null : Math.round(ms / 600) / 100);
  const series = (label: string, tone: string, values: (number | null)[]) => ({ label, tone, values });
  const drawn = [
    {
      title: words.charts.jobs,
      whole: true,
      type: 'bar',
      stacked: true,
      series: [
        series(
          words.completed,
          'good',
          of(({ completed }) => completed),
        ),
        series(
          words.failed,
          'bad',
          of(({ failed }) => failed),
        ),
        series(
          words.other,
          'line-strong',
          of(({ jobs, completed, failed }) => jobs - completed - failed),
        ),
      ],
    },
    {
      title: words.charts.ready,
      type: 'line',
      series: [
        series(
          words.medianShort,
          'accent',
          of(({ medianMs }) => minutes(medianMs)),
        ),
        series(
          words.p95Short,
          'wait',
          of(({ p95Ms }) => minutes(p95Ms)),
        ),
      ],
    },
    {
      title: words.charts.tokens,
      whole: true,
      type: 'bar',
      series: [
        series(
          words.sold,
          'accent',
          of(({ tokensSold }) => tokensSold),
        ),
        series(
          words.refunded,
          'bad',
          of(({ tokensRefunded }) => tokensRefunded),
        ),
      ],
    },
    {
      title: words.charts.spend,
      type: 'bar',
      series: [
        series(
          words.spend,
          'busy',
          of(({ spendUsd }) => Math.round(spendUsd * 100) / 100),
        ),
      ],
    },
    {
      title: words.charts.queue,
      type: 'line',
      series: [
        series(
          words.queueMean,
          'wait',
          of((figures, day) => Math.round(meanQueue(day, figures, at) * 100) / 100),
        ),
      ],
    },
    {
      title: words.charts.reading,
      whole: true,
      type: 'line',
      series: [
        series(
          words.views,
          'busy',
          of(({ views }) => views),
        ),
        series(
          words.downloads,
          'accent',
          of(({ downloads }) => downloads),
        ),
      ],
    },
  ];
  return html`<div class="tiles" id="charts" hidden>
    ${drawn.map(
      ({ title, ...chart }) =>
        html`<section class="card">
          <h2>${title}</h2>
          <div class="chart">
            <canvas role="img" aria-label="${title}" data-chart="${JSON.stringify({ labels, ...chart })}"></canvas>
          </div>
        </section>`,
    )}
  </div>`;
}
