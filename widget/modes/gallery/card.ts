/** One job in the grid: its picture, its state, its words, and what can be done with it. Holds no state. */
import { html, nothing } from 'lit';
import type { Job } from '../../../server/contract.ts';
import { isEnded } from '../../job-state.ts';
import { downloadLink } from '../../parts/download-link.ts';
import { icon } from '../../parts/icon.ts';
import type { ModeHost } from '../mode.ts';
import type { CardAction } from './actions.ts';
import { glyphIcon } from './icons.ts';
import type { InlinePlayer } from './inline-player.ts';
import {
  badgeText,
  isClip,
  isExpired,
  isShowable,
  isWaiting,
  shortFacts,
  stateText,
  verdict,
  when,
} from './job-facts.ts';
import type { Stills } from './media.ts';

/** What cards need of their gallery. */
export interface CardView {
  host: ModeHost;
  player: InlinePlayer;
  stills: Stills;
  actions: readonly CardAction[];
  /** Which card asks "delete it?" now. */
  askingId: string | undefined;
  open: (job: Job) => void;
  run: (action: CardAction, job: Job) => void;
  ask: (id: string | undefined) => void;
  remove: (id: string) => void;
  isFresh: (id: string) => boolean;
}

const namePartLength = 80;

const isLeft = ({ currentTarget, relatedTarget }: FocusEvent) =>
  !(currentTarget as Node).contains(relatedTarget as Node | null);

export function card(view: CardView, job: Job) {
  const { host, player, stills } = view;
  const canPlay = isClip(job) && isShowable(job);
  const attend = () => canPlay && player.attend(job.id);
  return html`<div
      class="tile-pane ${isExpired(job) ? 'expired' : job.status}"
      @pointerenter=${(event: PointerEvent) => event.pointerType === 'mouse' && attend()}
      @pointerleave=${() => player.leave(job.id)}
      @focusin=${(event: Event) => (event.target as Element).matches(':focus-visible') && attend()}
      @focusout=${(event: FocusEvent) => isLeft(event) && player.leave(job.id)}
    >
      ${lookButton(view, job, canPlay)}
      <div class="tile-still">${stills.render(job)}${player.render(job)}</div>
      ${state(view, job)} ${view.askingId === job.id ? question(view, job) : tools(view, job, canPlay)}
    </div>
    <div class="tile-words">
      <p class="tile-prompt">${job.title || job.prompt}</p>
      <p class="tile-facts">
        <time datetime=${job.createdAt}>${when(host.language, job.createdAt)}</time
        ><span>${shortFacts(host, job)}</span>
      </p>
    </div>`;
}

/** Covers the picture. A tap plays first and opens then; any other press opens. */
function lookButton({ host, player, open }: CardView, job: Job, canPlay: boolean) {
  const onClick = (event: MouseEvent) => {
    const isTap = event instanceof PointerEvent && event.pointerType === 'touch';
    if (isTap && canPlay && !player.plays(job.id)) player.toggle(job.id);
    else open(job);
  };
  const words = (job.title || job.prompt).slice(0, namePartLength);
  return html`<button
    class="tile-look"
    data-act="look"
    aria-label="${host.texts.gallery.open}: ${words}. ${stateText(host, job)}"
    @click=${onClick}
  ></button>`;
}

function state({ host }: CardView, job: Job) {
  const why = verdict(host, job);
  const isDone = job.status === 'completed' && !isExpired(job);
  return html`${
    isDone
      ? html`<span class="sr-only">${host.common.status.completed}</span
          >${isClip(job) ? html`<span class="tile-play">${icon('play')}</span>` : nothing}`
      : html`<span class="badge ${isExpired(job) ? 'expired' : job.status}">${badgeText(host, job)}</span>`
  }
  ${why ? html`<p class="tile-why">${icon('warning')}<span>${why}</span></p>` : nothing}
  ${isEnded(job) || isWaiting(job) ? nothing : html`<progress max="100" .value=${job.progress} aria-hidden="true"></progress>`}`;
}

function tools(view: CardView, job: Job, canPlay: boolean) {
  const { host, player, open, actions } = view;
  const { texts, common } = host;
  const isPlaying = player.plays(job.id);
  return html`<div class="tile-tools" role="group" aria-label=${texts.gallery.actions}>
    ${canPlay ? tool({ act: 'play', label: isPlaying ? texts.gallery.pause : texts.gallery.play, picture: isPlaying ? glyphIcon('pause') : icon('play'), run: () => player.toggle(job.id) }) : nothing}
    ${tool({ act: 'open', label: texts.gallery.open, picture: glyphIcon('open'), run: () => open(job) })}
    ${isShowable(job) ? download(view, job, 'tool') : nothing}
    ${job.video && isShowable(job) ? tool({ act: 'use', label: common.use, picture: icon('check'), run: () => host.choose(job) }) : nothing}
    ${actions
      .filter((action) => action.isFor(job))
      .map((action) =>
        tool({
          act: action.id,
          label: action.label(job),
          picture: action.icon(job),
          run: () => view.run(action, job),
          more: 'extra',
        }),
      )}
    ${isEnded(job) ? tool({ act: 'delete', label: common.remove, picture: icon('trash'), run: () => view.ask(job.id) }) : nothing}
    ${
      isWaiting(job)
        ? html`<button class="button quiet small" data-act="cancel" @click=${() => host.cancel(job.id)}>
            ${common.cancel}
          </button>`
        : nothing
    }
  </div>`;
}

interface Tool {
  act: string;
  label: string;
  picture: unknown;
  run: () => void;
  more?: string;
}

const tool = ({ act, label, picture, run, more = '' }: Tool) =>
  html`<button class="tool tool-${act} ${more}" data-act=${act} title=${label} aria-label=${label} @click=${run}>
    ${picture}
  </button>`;

/** Saves the result. */
export const download = (
  { host, isFresh }: Pick<CardView, 'host' | 'isFresh'>,
  job: Job,
  look: 'tool' | 'button quiet',
) =>
  downloadLink({
    job,
    label: host.common.download,
    isSmall: look === 'tool',
    links: {
      isFresh: (id) => isFresh(id) || host.hasFreshLinks(id),
      refreshMedia: (id) => host.refreshJob(id),
      report: (fault) => host.report(fault),
    },
  });

function question({ host, ask, remove }: CardView, job: Job) {
  const { common } = host;
  return html`<div class="tile-tools question" role="group" aria-label=${common.remove}>
    <button class="button danger small" data-act="yes" @click=${() => remove(job.id)}>${common.remove}</button>
    <button class="button quiet small keep" data-act="keep" @click=${() => ask(undefined)}>${common.no}</button>
  </div>`;
}
