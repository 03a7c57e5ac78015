import { html } from 'hono/html';
import { receiptOf } from '../../jobs/receipt.ts';
import type { AccountRow, JobRow } from '../../store/schema.ts';
import { duration, moment, wholeNumber, type Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { facts, statusBadge } from './blocks.ts';
import { failureText, sellerLink } from './job-table.ts';

/** Addresses of the job's files on this origin; null for what is not there. */
export interface JobMedia {
  still: string | null;
  clip: string | null;
}

/** Everything the operator may want to know about one job. */
export function jobView(
  c: AdminContext,
  { job, seller, media }: { job: JobRow; seller: AccountRow | null; media: JobMedia },
): Html {
  const words = c.get('words');
  return html`<p class="back"><a href="/admin/jobs">← ${words.jobs.back}</a></p>
    <div class="page-head">
      <h1>${words.jobs.job} <code>${job.id}</code></h1>
      <p class="lead">
        ${statusBadge(words, job.status)} ${job.completedAt === null && words.stages[job.stage]}
        ${job.deletedAt !== null && words.jobs.deleted}
      </p>
    </div>
    ${job.status === 'failed' && failure(c, job)}
    <div class="tiles">
      ${tile(words.jobs.receipt, receipt(c, job))} ${tile(words.jobs.times, times(c, job))}
      ${tile(words.jobs.ids, ids(c, job, seller))} ${tile(words.jobs.model, making(c, job, media))}
    </div>
    ${tile(words.jobs.sent, sent(c, job, media))}`;
}

const tile = (title: string, body: Html): Html =>
  html`<section class="card">
    <h2>${title}</h2>
    ${body}
  </section>`;

function failure(c: AdminContext, job: JobRow): Html {
  const { jobs } = c.get('words');
  return html`<section class="card failure">
    <h2>${jobs.errorTitle}</h2>
    <p>${failureText(c.get('words'), job)}</p>
    ${
      job.errorMessage !== null &&
      html`<p class="hint">${jobs.providerSays}</p>
        <pre class="text">${job.errorMessage}</pre>`
    }
    <p class="hint">${jobs.code}: <code>${job.errorCode ?? '—'}</code></p>
  </section>`;
}

function receipt(c: AdminContext, job: JobRow): Html {
  const { jobs } = c.get('words');
  const { quoted, debited, refunded, reason } = receiptOf(job);
  const amount = (tokens: number) => wholeNumber(c.get('language'), tokens);
  return facts([
    [jobs.quoted, amount(quoted)],
    [jobs.debited, amount(debited)],
    [jobs.refundedTokens, amount(refunded)],
    [jobs.because, reason === 'cancelled' ? jobs.cancelled : reason && failureText(c.get('words'), job)],
  ]);
}

function times(c: AdminContext, job: JobRow): Html {
  const { jobs } = c.get('words');
  const language = c.get('language');
  const at = (ms: number | null) => (ms === null ? null : moment(language, ms, 'seconds'));
  return facts([
    [jobs.created, at(job.createdAt)],
    [jobs.submitted, at(job.submittedAt)],
    [jobs.checked, at(job.checkedAt)],
    [jobs.succeeded, at(job.succeededAt)],
    [jobs.ended, at(job.completedAt)],
    [jobs.stage, c.get('words').stages[job.stage]],
    [jobs.took, job.completedAt === null ? null : duration(language, job.completedAt - job.createdAt)],
    [jobs.deadline, job.completedAt === null ? at(job.deadlineAt) : null],
  ]);
}

function ids(c: AdminContext, job: JobRow, seller: AccountRow | null): Html {
  const { jobs } = c.get('words');
  const code = (id: string | null) => id && html`<code>${id}</code>`;
  return facts([
    [jobs.seller, sellerLink(seller, job.accountId)],
    [jobs.id, code(job.id)],
    [jobs.externalId, code(job.externalId)],
    [jobs.taskId, code(job.providerTaskId)],
    [jobs.providerAccount, code(job.providerAccount)],
  ]);
}

function making(c: AdminContext, job: JobRow, media: JobMedia): Html {
  const { jobs, kinds, prompts, deeds } = c.get('words');
  const clip = job.video && { ...job.video, megabytes: (job.video.bytes / 1e6).toFixed(1) };
  return facts([
    [jobs.model, `${job.model} · ${job.mode}`],
    [jobs.preset, `${job.presetId}, ${prompts.revision(job.presetRevision)}. ${kinds[job.kind]}`],
    [jobs.length, prompts.seconds(job.seconds)],
    [jobs.ratio, job.aspectRatio],
    [prompts.sound, job.sound ? prompts.soundOn : prompts.soundOff],
    [jobs.result, clip && jobs.resultFacts(clip)],
    ['MP4', media.clip && html`<a href="${media.clip}">${deeds.clip}</a>`],
  ]);
}

function sent(c: AdminContext, job: JobRow, media: JobMedia): Html {
  const { prompts } = c.get('words');
  return html`<h3>${prompts.prompt}</h3>
    <pre class="text">${job.prompt}</pre>
    ${
      job.negativePrompt !== '' &&
      html`<h3>${prompts.negativePrompt}</h3>
        <pre class="text">${job.negativePrompt}</pre>`
    }
    ${job.uploadId !== null && picture(c, job, media)}`;
}

function picture(c: AdminContext, { still }: JobRow, media: JobMedia): Html {
  const { deeds } = c.get('words');
  return html`<h3>${deeds.picture}</h3>
    ${
      still && media.still !== null
        ? html`<p>
              <a href="${media.still}"
                ><img
                  class="sent"
                  src="${media.still}"
                  alt="${deeds.pictureAlt}"
                  width="180"
                  height="${Math.round((180 * still.height) / still.width)}"
                  loading="lazy"
              /></a>
            </p>
            <p class="hint">${still.width} × ${still.height}</p>`
        : html`<p class="hint">${deeds.noPicture}</p>`
    }`;
}
