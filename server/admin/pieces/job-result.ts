import { html } from 'hono/html';
import type { JobRow, StoredClip, StoredResult } from '../../store/schema.ts';
import { decimal, moment, type Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { facts } from './blocks.ts';
import type { JobMedia } from './job-view.ts';

/** The finished clip or picture, or where it lies at the provider; nothing while there is none. */
export function jobResult(c: AdminContext, { video, image }: JobRow, media: JobMedia): Html | null {
  const stored = video ?? image;
  if (!stored) return null;
  const { jobs } = c.get('words');
  return html`<section class="card" id="result">
    <h2>${jobs.result}</h2>
    ${shown(c, stored, media)}
    ${facts([[jobs.file, fileFacts(c, stored)], ...(stored.link ? linkFacts(c, stored.link) : [])])}
  </section>`;
}

function shown(c: AdminContext, { width, height }: StoredResult, { clip, image, still }: JobMedia): Html | false {
  const { jobs, deeds } = c.get('words');
  if (clip !== null)
    return html`<video
        class="clip result"
        src="${clip}"
        ${still !== null && html`poster="${still}"`}
        controls
        loop
        muted
        playsinline
        preload="metadata"
      ></video>
      <p><a href="${clip}">${deeds.clip}</a></p>`;
  if (image === null) return false;
  return html`<a href="${image}"
    ><img class="clip result" src="${image}" alt="${jobs.resultAlt}" width="${width}" height="${height}" loading="lazy"
  /></a>`;
}

function fileFacts(c: AdminContext, stored: StoredResult | StoredClip): string {
  const { jobs } = c.get('words');
  const { width, height, contentType } = stored;
  const facts = { width, height, megabytes: decimal(c.get('language'), Math.round(stored.bytes / 1e5) / 10) };
  const text =
    'seconds' in stored
      ? jobs.resultFacts({ ...facts, seconds: decimal(c.get('language'), stored.seconds) })
      : jobs.pictureFacts(facts);
  return `${text}, ${contentType}`;
}

function linkFacts(c: AdminContext, { url, expiresAt }: NonNullable<StoredResult['link']>): [string, Html][] {
  const { jobs } = c.get('words');
  const isWeb = /^https?:\/\//.test(url);
  return [
    [jobs.kept, html`${jobs.keptThere}`],
    [jobs.address, isWeb ? html`<a href="${url}" rel="noreferrer">${url}</a>` : html`${url}`],
    [jobs.linkEnds, moment(c.get('language'), expiresAt)],
  ];
}
