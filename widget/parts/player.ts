/** A finished cover: the clip, and what the seller may do with it. */
import { html } from 'lit';
import type { Job } from '../../server/contract.ts';
import { emit } from '../events.ts';
import { downloadLink } from './download-link.ts';
import { icon } from './icon.ts';
import { receipt } from './receipt.ts';
import type { View } from './view.ts';

type Done = Job & { video: NonNullable<Job['video']> };

export const isPlayable = (job: Job | undefined): job is Done => job?.status === 'completed' && job.video !== undefined;

export function player({ texts, cover }: View, job: Done) {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return html`<div class="shape">
    <video
      part="player"
      controls
      loop
      playsinline
      preload="metadata"
      aria-label=${texts.title}
      .muted=${true}
      ?autoplay=${!isCalm}
      poster=${job.video.posterUrl}
      src=${job.video.url}
      @error=${() => cover.refreshMedia(job.id)}
    ></video>
  </div>`;
}

export function donePanel(view: View, job: Done) {
  const { texts, cover } = view;
  const { width, height, seconds } = job.video;
  return html`<div class="done">
    <h3 class="done-title">${icon('check')}<span part="stage">${texts.steps.done}</span></h3>
    <p class="hint">${texts.promise(Math.round(seconds), '3:4')} · ${texts.pixels(width, height)}</p>
    <button class="button primary" @click=${(event: Event) => choose(event, view, job)}>
      ${icon('check')}${texts.use}
    </button>
    <div class="row">
      ${downloadLink({ job, label: texts.download, links: cover })}
      <button class="button plain" @click=${() => (cover.draft.clear(), cover.show(undefined))}>
        ${icon('plus')}${texts.newVideo}
      </button>
    </div>
    ${receipt(view, job)}
  </div>`;
}

/** Hands the video to the host; the widget confirms it itself unless the host prevented that. */
export function choose(event: Event, { cover }: View, job: Done): void {
  const host = ((event.currentTarget as HTMLElement).getRootNode() as ShadowRoot).host;
  if (emit(host, 'cover-chosen', { job, ...job.video })) cover.notify({ kind: 'info', code: 'chosen' });
}
