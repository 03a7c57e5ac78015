/** What is happening to the order: four steps, a bar, the queue, and what the seller may do meanwhile. */
import { html, nothing } from 'lit';
import type { Job, JobStage } from '../../server/contract.ts';
import { icon } from './icon.ts';
import type { View } from './view.ts';

const steps = ['uploading', 'creating', 'generating', 'done'] as const;
export type Step = (typeof steps)[number];

/** The part of the bar that belongs to the upload; the job's own percentage takes over from there. */
const uploadShare = 8;

/** The step under way, or undefined when nothing is. */
export function stepOf({ cover }: View): Step | undefined {
  const { step } = cover.ordering;
  if (step === 'uploading') return 'uploading';
  if (step !== 'idle') return 'creating';
  const { current } = cover;
  if (!current) return undefined;
  if (current.status === 'completed') return 'done';
  return current.status === 'pending' || current.status === 'processing' ? 'generating' : undefined;
}

/** Percentage of the whole way; never lower than what an earlier step has shown. */
export function percentOf({ cover }: View): number {
  const { step, sentShare } = cover.ordering;
  if (step === 'uploading') return Math.round(sentShare * uploadShare);
  if (step !== 'idle') return uploadShare + 1;
  return Math.max(uploadShare + 1, cover.current?.progress ?? 0);
}

/** The stage of a job in words; some stages are one to the seller. */
export const stageText = ({ texts }: View, { stage }: Job): string =>
  (texts.stages as Partial<Record<JobStage, string>>)[stage] ?? texts.stages.generating;

/** One line for the seller and for the screen reader. */
export function detailOf(view: View, job: Job): string {
  const { texts } = view;
  const place = job.stage === 'queued' && job.queuePosition ? texts.queue(job.queuePosition) : stageText(view, job);
  return job.estimate === undefined ? place : `${place} · ${texts.estimate(job.estimate)}`;
}

export function progressPanel(view: View) {
  const { texts, cover } = view;
  const now = stepOf(view)!;
  const percent = percentOf(view);
  const job = cover.ordering.step === 'idle' ? cover.current : undefined;
  return html`<div class="progress-panel">
    <ol class="steps">
      ${steps.map((step, index) => {
        const isPast = index < steps.indexOf(now);
        return html`<li
          class=${step === now ? 'now' : isPast ? 'past' : 'next'}
          aria-current=${step === now ? 'step' : 'false'}
        >
          <span class="dot">${isPast ? icon('check') : nothing}</span>
          ${step === now ? html`<span part="stage">${texts.steps[step]}</span>` : html`<span>${texts.steps[step]}</span>`}
        </li>`;
      })}
    </ol>
    <div class="bar">
      <progress part="progress" max="100" .value=${percent} aria-label=${texts.steps[now]}></progress>
      <span class="percent">${percent} %</span>
    </div>
    ${job ? html`<p class="detail">${detailOf(view, job)}</p>` : nothing} ${hints(view, job)}
  </div>`;
}

function hints({ texts, cover }: View, job: Job | undefined) {
  const { ordering } = cover;
  if (ordering.step === 'uploading') {
    return html`<p class="warning">${icon('warning')}${texts.dontClose}</p>
      <button class="button quiet" @click=${() => ordering.cancelUpload()}>${texts.cancel}</button>`;
  }
  if (ordering.step === 'unanswered') {
    return html`<p class="warning">${icon('warning')}${texts.unanswered}</p>
      <div class="row">
        <button class="button primary" @click=${() => ordering.retry()}>${texts.tryAgain}</button>
        <button class="button plain" @click=${() => ordering.discard()}>${texts.discard}</button>
      </div>`;
  }
  if (!job) return nothing;
  return html`<p class="hint">${texts.mayClose}</p>
    <div class="row">
      <button class="button quiet" @click=${() => cover.show(undefined)}>${icon('plus')}${texts.newVideo}</button>
      ${
        job.stage === 'queued'
          ? html`<button class="button plain" @click=${() => cover.cancel(job.id)}>${texts.cancel}</button>`
          : nothing
      }
    </div>`;
}
