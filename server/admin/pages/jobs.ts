import { Hono } from 'hono';
import { html } from 'hono/html';
import { jobStatuses, type JobStatus } from '../../jobs/job.ts';
import type { AccountRow, JobRow } from '../../store/schema.ts';
import { showPage } from '../layout.ts';
import type { Html } from '../format.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { emptyState, href, pageHead, pager } from '../pieces/blocks.ts';
import { jobTable } from '../pieces/job-table.ts';
import { jobView } from '../pieces/job-view.ts';
import { marketplaceCheck } from '../pieces/marketplace-check.ts';
import { refusedPage } from './refused.ts';

const pageSize = 30;

/** All sellers' jobs, newest first, and one job with its receipt. */
export function jobPages({ store }: AdminParts): Hono<AdminEnv> {
  async function sellersOf(jobs: JobRow[]): Promise<Map<string, AccountRow>> {
    const ids = [...new Set(jobs.map((job) => job.accountId))];
    const accounts = await Promise.all(ids.map((id) => store.accounts.get(id)));
    return new Map(accounts.filter((account) => account !== null).map((account) => [account.id, account]));
  }

  return new Hono<AdminEnv>()
    .get('/', async (c) => {
      const { jobs: words } = c.get('words');
      const status = jobStatuses.find((known) => known === c.req.query('status'));
      const before = c.req.query('before');
      const found = await store.jobs.listAll({
        limit: pageSize + 1,
        ...(before && { before }),
        ...(status && { status }),
      });
      const jobs = found.slice(0, pageSize);
      const list = jobTable(c, { jobs, sellers: await sellersOf(jobs) });
      const links = pager(c.get('words'), {
        newest: before !== undefined && href('/admin/jobs', { status }),
        older: found.length > pageSize && href('/admin/jobs', { status, before: jobs.at(-1)!.id }),
      });
      const body = html`${pageHead(words.title, words.lead)} ${statusLinks(c, status)}
      ${jobs.length === 0 ? noJobs(c, status) : list} ${links}`;
      return showPage(c, { title: words.title, section: 'jobs', body });
    })
    .get('/:id', async (c) => {
      const job = await store.jobs.get(c.req.param('id'));
      if (!job) return refusedPage(c, { reason: 'notFound', status: 404 });
      const seller = await store.accounts.get(job.accountId);
      const title = `${c.get('words').jobs.job} ${job.id}`;
      const revision = await store.presets.revision(job.presetId, job.presetRevision);
      const body = html`${jobView(c, job, seller)} ${marketplaceCheck(c, job, revision?.rules ?? null)}`;
      return showPage(c, { title, section: 'jobs', body });
    });
}

function statusLinks(c: AdminContext, current: JobStatus | undefined): Html {
  const { jobs, statuses } = c.get('words');
  const link = (status: JobStatus | undefined, label: string) =>
    html`<a href="${href('/admin/jobs', { status })}" ${status === current && html`aria-current="page"`}>${label}</a>`;
  return html`<nav class="tabs" aria-label="${jobs.filter}">
    ${link(undefined, jobs.all)} ${jobStatuses.map((status) => link(status, statuses[status]))}
  </nav>`;
}

function noJobs(c: AdminContext, status: JobStatus | undefined): Html {
  const { jobs } = c.get('words');
  return status ? emptyState(jobs.nothing, jobs.nothingDo) : emptyState(jobs.empty, jobs.emptyDo);
}
