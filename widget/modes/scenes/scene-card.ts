/** One scene: its words to edit, then its clip. */
import { html, nothing } from 'lit';
import type { Job, JobStage } from '../../../server/contract.ts';
import { failureOf } from '../../job-news.ts';
import { isEnded } from '../../job-state.ts';
import { icon } from '../../parts/icon.ts';
import { download } from '../gallery/card.ts';
import type { ModeHost } from '../mode.ts';
import type { Product } from './product.ts';
import type { SceneSlot } from './scene-slot.ts';

interface CardView {
  host: ModeHost;
  product: Product;
  slot: SceneSlot;
}

const maxTitleLength = 80;
const maxTextLength = 300;

export function sceneCard(view: CardView) {
  const { host, slot } = view;
  const { texts } = host;
  const isOpen = slot.job !== undefined && !isEnded(slot.job);
  return html`<article class="scene ${slot.isChosen ? 'chosen' : ''}" aria-label=${slot.scene.title}>
    ${slot.job ? result(view, slot.job) : checkbox(view)}
    <label class="field"
      ><span class="sr-only">${texts.scenes.title}</span
      ><textarea
        class="line strong"
        rows="2"
        maxlength=${maxTitleLength}
        ?disabled=${slot.isBusy || isOpen}
        .value=${slot.scene.title}
        @input=${(event: Event) => slot.write('title', (event.target as HTMLTextAreaElement).value)}
      ></textarea>
    </label>
    <label class="field"
      ><span class="sr-only">${texts.scenes.text}</span
      ><textarea
        class="line"
        rows="3"
        maxlength=${maxTextLength}
        ?disabled=${slot.isBusy || isOpen}
        .value=${slot.scene.description}
        @input=${(event: Event) => slot.write('description', (event.target as HTMLTextAreaElement).value)}
      ></textarea>
    </label>
    <details class="scene-prompt">
      <summary>${texts.scenes.prompt}</summary>
      <textarea
        class="line"
        rows="5"
        aria-label=${texts.scenes.prompt}
        maxlength=${view.product.preset!.limits.maxPromptLength}
        ?disabled=${slot.isBusy || isOpen}
        .value=${slot.scene.prompt}
        @input=${(event: Event) => slot.write('prompt', (event.target as HTMLTextAreaElement).value)}
      ></textarea>
    </details>
    ${slot.fault ? html`<p class="form-fault" role="alert">${icon('warning')}${host.errorText(slot.fault.code, slot.fault.facts)}</p>` : nothing}
    ${actions(view)}
  </article>`;
}

function checkbox({ host, slot }: CardView) {
  return html`<label class="scene-choice"
    ><input
      type="checkbox"
      .checked=${slot.isChosen}
      ?disabled=${slot.isBusy}
      @change=${(event: Event) => slot.choose((event.target as HTMLInputElement).checked)}
    /><span>${host.texts.scenes.take(slot.number)}</span></label
  >`;
}

/** Where the job stands: a bar, the clip, or why there is none. */
function result({ host }: CardView, job: Job) {
  const { common, texts } = host;
  if (job.video?.expired) return html`<p class="scene-state">${icon('warning')}${texts.gallery.expired}</p>`;
  if (job.video)
    return html`<video
      class="scene-clip"
      part="player"
      controls
      muted
      loop
      playsinline
      preload="metadata"
      aria-label=${job.title ?? ''}
      poster=${job.video.posterUrl}
      src=${job.video.url}
      @error=${() => void host.refreshJob(job.id)}
    ></video>`;
  if (job.status === 'cancelled') return html`<p class="scene-state">${icon('warning')}${common.status.cancelled}</p>`;
  if (job.status === 'failed')
    return html`<div class="scene-state failed">
      ${icon('warning')}
      <p>${host.errorText(failureOf(job))} ${common.refund(job.receipt.refunded)}</p>
    </div>`;
  return html`<div class="scene-state">
    <progress part="progress" max="100" .value=${job.progress} aria-label=${stageText(host, job)}></progress>
    <p class="hint">${stageText(host, job)} · ${job.progress} %</p>
  </div>`;
}

const stageText = ({ common }: ModeHost, { stage, queuePosition }: Job): string =>
  stage === 'queued' && queuePosition
    ? common.queue(queuePosition)
    : ((common.stages as Partial<Record<JobStage, string>>)[stage] ?? common.stages.generating);

/** What may be done with the scene now. */
function actions(view: CardView) {
  const { host, slot } = view;
  const { common, texts } = host;
  if (slot.ordering.step === 'unanswered')
    return html`<p class="warning">${icon('warning')}${common.unanswered}</p>
      <div class="row">
        <button type="button" class="button quiet" @click=${() => slot.ordering.retry()}>${common.tryAgain}</button>
        <button type="button" class="button plain" @click=${() => slot.ordering.discard()}>${common.discard}</button>
      </div>`;
  const { job } = slot;
  if (!job || slot.isBusy) return slot.isBusy ? html`<p class="hint">${texts.sending}</p>` : nothing;
  if (!isEnded(job))
    return job.stage === 'queued'
      ? html`<button type="button" class="button plain" @click=${() => void host.cancel(job.id)}>
          ${common.cancel}
        </button>`
      : nothing;
  if (slot.isAsking)
    return html`<div class="row" role="group" aria-label=${common.remove}>
      <button type="button" class="button danger small" @click=${() => void host.remove(job.id)}>
        ${common.remove}
      </button>
      <button type="button" class="button quiet small keep" @click=${() => slot.ask(false)}>${common.no}</button>
    </div>`;
  return html`<div class="scene-actions">
    ${job.video && !job.video.expired ? keepers(view, job) : nothing}
    <button type="button" class="button quiet small again" @click=${() => void slot.place()}>
      ${icon('swap')}${slot.isEdited ? texts.scenes.again : common.tryAgain}
      <small>${common.tokens(view.product.preset!.tokensCost)}</small>
    </button>
    <button
      type="button"
      class="tool"
      aria-label=${common.remove}
      title=${common.remove}
      @click=${() => slot.ask(true)}
    >
      ${icon('trash')}
    </button>
  </div>`;
}

const keepers = ({ host }: CardView, job: Job) =>
  html`<button type="button" class="button primary" @click=${() => host.choose(job)}>
      ${icon('check')}${host.common.use}
    </button>
    ${download({ host, isFresh: () => false }, job, 'tool')}`;
