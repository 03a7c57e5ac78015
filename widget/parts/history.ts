/** The last covers: thumbnail, state, and what can be done with each. */
import { html, nothing } from 'lit';
import type { Job } from '../../server/contract.ts';
import { isEnded } from '../job-state.ts';
import { attempt } from '../pending-order.ts';
import { downloadLink } from './download-link.ts';
import { reasonOf } from './failed.ts';
import { icon } from './icon.ts';
import { choose, isPlayable } from './player.ts';
import { stepOf } from './progress.ts';
import type { View } from './view.ts';

/**
 * How many cards there were last time, by server: as many places are kept while they are read, so that nothing below
 * moves.
 */
const nameOf = ({ cover }: View) => `kling-video-cover:cards:${cover.api.server}`;
const remembered = (view: View) => Number(attempt(() => localStorage.getItem(nameOf(view))));
function remember(view: View, count: number): void {
  if (count !== remembered(view)) attempt(() => localStorage.setItem(nameOf(view), String(count)));
}

/** As high as a card. */
const place = (stage?: string) =>
  html`<li class="card" aria-hidden=${!stage}>
    <span class="thumb">${icon('video')}${stage && html`<span class="badge processing">${stage}</span>`}</span>
    <div class="card-text">&nbsp;</div>
    <div class="tools"></div>
  </li>`;

/** Which card asks "delete it?" now. */
export class History {
  readonly #changed: () => void;
  #asking: string | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** `size` is how many cards at most; 0 draws nothing. An order stands first from the moment it is made. */
  render(view: View, size: number) {
    const { texts, cover } = view;
    const cards = cover.covers.map((job) => this.#card(view, job));
    if (cover.ordering.step !== 'idle') cards.unshift(place(texts.steps[stepOf(view)!]));
    if (cover.hasHistory) remember(view, cards.length);
    else while (cards.length < remembered(view)) cards.push(place());
    if (size === 0 || cards.length === 0) return nothing;
    return html`<section class="history" part="history" aria-labelledby="history-title">
      <h3 id="history-title">${texts.history}</h3>
      <ul>
        ${cards.slice(0, size)}
      </ul>
    </section>`;
  }

  #card(view: View, job: Job) {
    const { texts, language, cover } = view;
    const when = new Date(job.createdAt).toLocaleString(language, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
    return html`<li class="card" part="history-item">
      ${thumbnail(view, job, when)}
      <div class="card-text">
        <time datetime=${job.createdAt}>${when}</time>
        ${
          job.status === 'failed'
            ? html`<p class="reason">${reasonOf(view, job)} ${texts.refund(job.receipt.refunded)}</p>`
            : nothing
        }
      </div>
      ${this.#asking === job.id ? this.#question(view, job) : this.#tools(view, job, cover.currentId === job.id)}
    </li>`;
  }

  #tools(view: View, job: Job, isShown: boolean) {
    const { texts, cover } = view;
    return html`<div class="tools">
      ${
        isPlayable(job)
          ? html`${downloadLink({ job, label: texts.download, isSmall: true, links: cover })}
              <button
                class="tool"
                title=${texts.use}
                aria-label=${texts.use}
                @click=${(event: Event) => choose(event, view, job)}
              >
                ${icon('check')}
              </button>`
          : nothing
      }
      ${
        isEnded(job)
          ? html`<button
              class="tool end"
              title=${texts.remove}
              aria-label=${texts.remove}
              @click=${() => this.#ask(job.id)}
            >
              ${icon('trash')}
            </button>`
          : nothing
      }
      ${
        job.stage === 'queued' && !isEnded(job) && !isShown
          ? html`<button class="button plain small" @click=${() => cover.cancel(job.id)}>${texts.cancel}</button>`
          : nothing
      }
    </div>`;
  }

  #question({ texts, cover }: View, job: Job) {
    return html`<div class="question" role="group" aria-label=${texts.remove}>
      <button class="button danger small" @click=${(event: Event) => (this.#keep(event), cover.remove(job.id))}>
        ${texts.remove}
      </button>
      <button class="button plain small keep" @click=${(event: Event) => this.#keep(event)}>${texts.no}</button>
    </div>`;
  }

  /** The focus goes to the card, which is the next one's place when this one is deleted. */
  #keep({ currentTarget }: Event): void {
    (currentTarget as HTMLElement).closest('li')!.querySelector('button')!.focus();
    this.#ask(undefined);
  }

  #ask(id: string | undefined): void {
    this.#asking = id;
    this.#changed();
  }
}

/** The badge stands beside the button, not in it: a per cent in a name would be said at each change. */
function thumbnail({ texts, cover }: View, job: Job, when: string) {
  const picture = job.video?.posterUrl ?? job.source?.url;
  const isShown = cover.currentId === job.id;
  return html`<button
      class="thumb ${isShown ? 'shown' : ''}"
      aria-label="${texts.play}: ${texts.status[job.status]}, ${when}"
      aria-pressed=${isShown}
      @click=${() => cover.show(job.id)}
    >
      ${
        picture
          ? html`<img src=${picture} alt="" loading="lazy" @error=${() => cover.refreshMedia(job.id)} />`
          : icon('video')
      }
      ${job.status === 'completed' ? html`<span class="play">${icon('play')}</span>` : nothing}
    </button>
    <span class="badge ${job.status}" aria-hidden="true"
      >${texts.status[job.status]}${job.status === 'processing' ? ` ${job.progress} %` : ''}</span
    >`;
}
