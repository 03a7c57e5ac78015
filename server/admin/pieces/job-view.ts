import { html } from 'hono/html';
import { chosenOf } from '../../jobs/choices.ts';
import { makesVideo } from '../../jobs/job.ts';
import { services } from '../../jobs/models.ts';
import { styles } from '../../jobs/styles.ts';
import { receiptOf } from '../../jobs/receipt.ts';
import type { AccountRow, JobRow, PresetRow } from '../../store/schema.ts';
import { duration, moment, wholeNumber, type Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import type { ChoiceGroup } from '../preset-choices.ts';
import { facts, statusBadge, type Fact } from './blocks.ts';
import { choiceText, qualityText } from './choice-text.ts';
import { jobResult } from './job-result.ts';
import { failureText, sellerLink } from './job-table.ts';

/** Addresses of the job's files on this origin; null for what is not there. */
export interface JobMedia {
  still: string | null;
  clip: string | null;
  image: string | null;
}

interface JobFacts {
  job: JobRow;
  seller: AccountRow | null;
  /** The revision of the preset that the job was made with. */
  revision: PresetRow | null;
  /** What the seller calls the job's group. */
  groupName: string | null;
  media: JobMedia;
}

/** Everything the operator may want to know about one job. */
export function jobView(c: AdminContext, shown: JobFacts): Html {
  const { job, media } = shown;
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
      ${tile(words.jobs.receipt, receipt(c, shown))} ${tile(words.jobs.times, times(c, job))}
      ${tile(words.jobs.ids, ids(c, shown))} ${tile(words.jobs.model, making(c, shown))}
    </div>
    ${jobResult(c, job, media)} ${tile(words.jobs.sent, sent(c, job, media))}`;
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

function receipt(c: AdminContext, { job, revision }: JobFacts): Html {
  const words = c.get('words');
  const { jobs } = words;
  const { quoted, debited, refunded, reason } = receiptOf(job);
  const amount = (tokens: number) => wholeNumber(c.get('language'), tokens);
  const chosen = revision ? chosenOf(revision, job).filter(({ extraTokens }) => extraTokens > 0) : [];
  return facts([
    ...(revision && chosen.length > 0 ? [[jobs.basePrice, amount(revision.tokensCost)] satisfies Fact] : []),
    ...chosen.map(({ group, value, extraTokens }): Fact => [
      `${words.presets.choiceGroups[group]}: ${choiceText(words, group, String(value), job)}`,
      `+${amount(extraTokens)}`,
    ]),
    [jobs.quoted, amount(quoted)],
    [jobs.debited, amount(debited)],
    [jobs.refundedTokens, amount(refunded)],
    [jobs.because, reason === 'cancelled' ? jobs.cancelled : reason && failureText(words, job)],
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

function ids(c: AdminContext, { job, seller, groupName }: JobFacts): Html {
  const { jobs } = c.get('words');
  const code = (id: string | null) => id && html`<code>${id}</code>`;
  const group = job.groupId !== null && html`${groupName} <code class="hint">${job.groupId}</code>`;
  return facts([
    [jobs.seller, sellerLink(seller, job.accountId)],
    [jobs.group, group || null],
    [jobs.parent, job.parentId && html`<a href="/admin/jobs/${job.parentId}"><code>${job.parentId}</code></a>`],
    [jobs.id, code(job.id)],
    [jobs.externalId, code(job.externalId)],
    [jobs.taskId, code(job.providerTaskId)],
    [jobs.providerAccount, code(job.providerAccount)],
  ]);
}

function making(c: AdminContext, { job, revision }: JobFacts): Html {
  const words = c.get('words');
  const { jobs, kinds, prompts, presets } = words;
  const chosen = new Set(revision ? chosenOf(revision, job).map(({ group }) => group) : []);
  const noted = (text: string, group: ChoiceGroup) =>
    chosen.has(group) ? html`${text} <span class="hint">${jobs.bySeller}</span>` : text;
  const isClip = makesVideo(job.kind);
  const style = styles.find(({ id }) => id === job.styleId);
  return facts([
    [jobs.kind, kinds[job.kind]],
    [jobs.model, `${services[job.provider].name} · ${job.model}`],
    [presets.choiceGroups.modes, job.mode && noted(qualityText(job, job.mode), 'modes')],
    [jobs.preset, `${job.presetId}, ${prompts.revision(job.presetRevision)}`],
    [jobs.length, isClip ? noted(prompts.seconds(job.seconds), 'seconds') : null],
    [jobs.ratio, noted(job.aspectRatio, 'aspectRatios')],
    [prompts.sound, isClip ? (job.sound ? prompts.soundOn : prompts.soundOff) : null],
    [jobs.style, style?.titles[c.get('language')] ?? job.styleId],
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
