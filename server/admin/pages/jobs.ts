import { Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../errors.ts';
import { jobStatuses } from '../../jobs/job.ts';
import type { JobService } from '../../jobs/service.ts';
import { createOperatorService, goodwillReference, maxRetries } from '../../jobs/operator-service.ts';
import { chosenOf } from '../../jobs/choices.ts';
import type { AccountRow, JobRow, PresetRow } from '../../store/schema.ts';
import { actorOf } from '../actor.ts';
import { dayRange, dayStart } from '../days.ts';
import { checkForm } from '../form.ts';
import type { ProblemKey } from '../i18n/dictionary.ts';
import { showPage } from '../layout.ts';
import type { Html } from '../format.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { emptyState, href, pageHead, pager } from '../pieces/blocks.ts';
import { jobDeeds, type JobDeeds } from '../pieces/job-deeds.ts';
import { jobSearch, type JobFilter } from '../pieces/job-search.ts';
import { jobTable } from '../pieces/job-table.ts';
import { jobTimeline } from '../pieces/job-timeline.ts';
import { jobView, type JobMedia } from '../pieces/job-view.ts';
import { live } from '../pieces/live.ts';
import { marketplaceCheck } from '../pieces/marketplace-check.ts';
import { problem } from '../preset-form.ts';
import { refusedPage } from './refused.ts';

const pageSize = 30;
const eventsShown = 300;
const maxQueryLength = 200;

const note = z.string().trim().min(1, problem('noteEmpty')).max(500, problem('noteLong'));
const refundSchema = z.object({ note });
const retrySchema = z.object({
  note,
  attempt: z.coerce.number().int().min(1).max(maxRetries),
  payer: z.enum(['seller', 'house']),
});

const retryProblems: Partial<Record<ErrorCode, ProblemKey>> = {
  insufficient_tokens: 'retryTokens',
  not_found: 'retryGone',
  invalid_request: 'retryGone',
  rate_limited: 'retryLimited',
  forbidden: 'retryRefused',
};

/** All sellers' jobs, found by any id; one job with its receipt and timeline, and what can be done for it. */
export function jobPages({ store, runtime, log, jobs: service, mediaLink, publicUrl }: AdminParts): Hono<AdminEnv> {
  const create: JobService['create'] = (order) =>
    service ? service.create(order) : Promise.reject(new AppError('forbidden'));
  const operator = createOperatorService({ store, runtime, jobs: { create } });

  async function sellersOf(jobs: JobRow[]): Promise<Map<string, AccountRow>> {
    const ids = [...new Set(jobs.map((job) => job.accountId))];
    const accounts = await Promise.all(ids.map((id) => store.accounts.get(id)));
    return new Map(accounts.filter((account) => account !== null).map((account) => [account.id, account]));
  }

  async function showList(c: AdminContext) {
    const { jobs: words } = c.get('words');
    const filter = filterOf(c);
    const before = c.req.query('before');
    const { q: query, status, preset: presetId, site: siteId, day = '' } = filter;
    const found = await store.jobs.listAll({
      limit: pageSize + 1,
      ...dayRange({ from: day, to: day }),
      ...(before && { before }),
      ...(query !== undefined && { query }),
      ...(status && { status }),
      ...(presetId !== undefined && { presetId }),
      ...(siteId !== undefined && { siteId }),
    });
    const jobs = found.slice(0, pageSize);
    const [presets, sites, sellers] = await Promise.all([store.presets.list(), store.sites.list(), sellersOf(jobs)]);
    const links = pager(c.get('words'), {
      newest: before !== undefined && href('/admin/jobs', { ...filter }),
      older: found.length > pageSize && href('/admin/jobs', { ...filter, before: jobs.at(-1)!.id }),
    });
    const body = html`${pageHead(words.title, words.lead)} ${jobSearch(c, { filter, presets, sites })}
    ${live(c, html`${jobs.length === 0 ? noJobs(c, filter) : jobTable(c, { jobs, sellers })} ${links}`)}`;
    return showPage(c, { title: words.title, section: 'jobs', body });
  }

  async function showOne(c: AdminContext, job: JobRow, edit?: JobDeeds['edit']) {
    const { accountId, groupId } = job;
    const [seller, revision, preset, events, goodwill, attempt, groupName] = await Promise.all([
      store.accounts.get(job.accountId),
      store.presets.revision(job.presetId, job.presetRevision),
      store.presets.get(job.presetId),
      store.jobEvents.list({ jobId: job.id, limit: eventsShown + 1 }),
      store.ledger.byReference(job.accountId, goodwillReference(job.id)),
      operator.nextAttempt(job),
      groupId === null ? null : store.groups.nameOf({ accountId, id: groupId }),
    ]);
    const deeds: JobDeeds = {
      job,
      attempt: service && attempt <= maxRetries ? attempt : null,
      price: preset && priceOf(preset, job),
      isRefunded: goodwill !== null,
      edit,
    };
    const timeline = { events: events.slice(0, eventsShown), isCut: events.length > eventsShown };
    const body = html`${jobView(c, { job, seller, revision, groupName, media: mediaOf(job) })}
    ${marketplaceCheck(c, job, revision?.rules ?? null)} ${jobDeeds(c, deeds)} ${jobTimeline(c, timeline)}`;
    const title = `${c.get('words').jobs.job} ${job.id}`;
    return showPage(c, { title, section: 'jobs', body: edit ? body : live(c, body, job.id), status: edit ? 422 : 200 });
  }

  /** On this very origin, whatever name it has: nothing else may be shown here. */
  function mediaOf({ still, video, image }: JobRow): JobMedia {
    const here = (link: string) => link.slice(new URL(publicUrl).origin.length);
    return {
      still: still && mediaLink ? here(mediaLink(still)) : null,
      clip: video && !video.link && mediaLink ? here(mediaLink(video)) : null,
      image: image && !image.link && mediaLink ? here(mediaLink(image)) : null,
    };
  }

  async function retry(c: AdminContext, job: JobRow) {
    const form = c.get('form');
    const { value, problems } = checkForm(retrySchema, form);
    if (!value) return showOne(c, job, { of: 'retry', form, problems });
    try {
      const { job: made } = await operator.retry({ ...value, jobId: job.id, actor: actorOf(c) });
      log.info({ jobId: job.id, madeId: made.id, by: actorOf(c) }, 'a job is made again by hand');
      return redirectWithNotice(c, `/admin/jobs/${made.id}`, 'retried');
    } catch (fault) {
      const key = fault instanceof AppError && retryProblems[fault.code];
      if (!key) throw fault;
      return showOne(c, job, { of: 'retry', form, problems: { payer: key } });
    }
  }

  async function refund(c: AdminContext, job: JobRow) {
    const form = c.get('form');
    const { value, problems } = checkForm(refundSchema, form);
    if (!value) return showOne(c, job, { of: 'refund', form, problems });
    if (job.status !== 'completed') return showOne(c, job, { of: 'refund', form, problems: {} });
    const { repeated } = await operator.goodwill({ ...value, jobId: job.id, actor: actorOf(c) });
    if (!repeated) log.info({ jobId: job.id, by: actorOf(c) }, 'tokens of a finished job were given back by hand');
    return redirectWithNotice(c, `/admin/jobs/${job.id}`, repeated ? 'goodwillRepeated' : 'goodwillGiven');
  }

  const withJob =
    (page: (c: AdminContext, job: JobRow) => Response | Promise<Response>) =>
    async (c: AdminContext): Promise<Response> => {
      const job = await store.jobs.get(c.req.param('id') ?? '');
      return job ? page(c, job) : refusedPage(c, { reason: 'notFound', status: 404 });
    };

  return new Hono<AdminEnv>()
    .get('/', showList)
    .get(
      '/:id',
      withJob((c, job) => showOne(c, job)),
    )
    .get('/:id/:form', (c) => c.redirect(`/admin/jobs/${encodeURIComponent(c.req.param('id'))}`, 303))
    .post('/:id/retry', withJob(retry))
    .post('/:id/refund', withJob(refund));
}

/** Today's price of what the order chose, as far as it is still offered. */
const priceOf = (preset: PresetRow, job: JobRow): number =>
  chosenOf(preset, job).reduce((sum, { extraTokens }) => sum + extraTokens, preset.tokensCost);

function filterOf(c: AdminContext): JobFilter {
  const text = (name: string) => (c.req.query(name) ?? '').trim().slice(0, maxQueryLength);
  const status = jobStatuses.find((known) => known === c.req.query('status'));
  const day = dayStart(text('day')) === null ? '' : text('day');
  return {
    ...(text('q') && { q: text('q') }),
    ...(status && { status }),
    ...(text('preset') && { preset: text('preset') }),
    ...(text('site') && { site: text('site') }),
    ...(day && { day }),
  };
}

function noJobs(c: AdminContext, { status, ...rest }: JobFilter): Html {
  const { jobs, deeds } = c.get('words');
  if (Object.keys(rest).length > 0) return emptyState(deeds.nothing, deeds.nothingDo);
  return status ? emptyState(jobs.nothing, jobs.nothingDo) : emptyState(jobs.empty, jobs.emptyDo);
}
