/** One job in full, in a dialog: large, with its whole prompt, what it cost and how it fits the marketplace. */
import { html, nothing } from 'lit';
import type { Job } from '../../../server/contract.ts';
import { isEnded } from '../../job-state.ts';
import { icon } from '../../parts/icon.ts';
import { receipt } from '../../parts/receipt.ts';
import type { ModeHost } from '../mode.ts';
import type { ActionPlace, CardAction } from './actions.ts';
import { download, type CardView } from './card.ts';
import { hold, type Held } from './hold.ts';
import { badgeText, isExpired, isShowable, isWaiting, shortFacts, verdict, when } from './job-facts.ts';

/** One a gallery. Holds its own view of the job, so the list may forget it meanwhile. */
export class BiggerView {
  job: Job | undefined;
  readonly #host: Pick<ModeHost, 'requestUpdate' | 'say'>;
  readonly #dialog: Held<HTMLDialogElement> = {};
  #panelId: string | undefined;
  #isAsking = false;
  /** Is to be shown at the next drawing. Once only: a drawing between Escape and its event must not show it again. */
  #isComing = false;
  #wantsPanelFocus = false;

  constructor(host: Pick<ModeHost, 'requestUpdate' | 'say'>) {
    this.#host = host;
  }

  /** Shows the job, with the panel of an action when one is named. */
  open(job: Job, panelId?: string): void {
    this.#isComing = !this.#dialog.element?.open;
    this.job = job;
    this.#isAsking = false;
    // What was said before is not said again by the region of the dialog.
    this.#host.say('');
    this.#setPanel(panelId);
  }

  close(): void {
    this.job = undefined;
    this.#host.requestUpdate();
  }

  render(view: CardView) {
    const { job } = this;
    return html`<dialog
      class="bigger"
      ${hold(this.#dialog)}
      aria-labelledby="bigger-title"
      @close=${() => this.job && !this.#dialog.element?.open && this.close()}
      @click=${(event: Event) => event.target === event.currentTarget && this.close()}
    >
      ${job ? this.#body(view, job) : nothing}
    </dialog>`;
  }

  /** Called after each drawing. */
  settle(): void {
    const dialog = this.#dialog.element;
    if (!dialog?.isConnected) return;
    if (this.job && this.#isComing && !dialog.open) dialog.showModal();
    this.#isComing = false;
    if (!this.job && dialog.open) this.#leave(dialog);
    if (!this.#wantsPanelFocus) return;
    this.#wantsPanelFocus = false;
    dialog.querySelector<HTMLElement>('[data-panel-focus]')?.focus();
  }

  /** The browser gives the focus back to what opened the dialog; that may be gone. */
  #leave(dialog: HTMLDialogElement): void {
    dialog.close();
    const page = dialog.getRootNode() as ShadowRoot;
    if (!page.activeElement) page.querySelector<HTMLElement>('.panel')!.focus({ preventScroll: true });
  }

  /** What an action called from this view, or opening it, may do. */
  place(action: CardAction, job: Job): ActionPlace {
    return {
      openPanel: () => action.panel && this.open(job, action.id),
      closePanel: () => this.#setPanel(undefined),
      close: () => this.close(),
    };
  }

  #setPanel(id: string | undefined): void {
    this.#panelId = id;
    this.#wantsPanelFocus = id !== undefined;
    this.#host.requestUpdate();
  }

  #body(view: CardView, job: Job) {
    const { host } = view;
    const { common } = host;
    const notify = () => host.notify({ kind: 'info', text: common.copied });
    return html`<div class="bigger-head">
        <h3 id="bigger-title" tabindex="-1" autofocus>${job.title || common.modes[job.kind]}</h3>
        <button class="tool" aria-label=${common.close} title=${common.close} @click=${() => this.close()}>
          ${icon('close')}
        </button>
      </div>
      <div class="bigger-body">
        <div class="bigger-media ${isShowable(job) ? '' : 'without'}">${media(view, job)}</div>
        <div class="bigger-text">
          <p class="bigger-note" role=${host.notice?.kind === 'error' ? 'alert' : nothing}>${host.notice?.text}</p>
          <p class="sr-only" role="status">${host.spoken}</p>
          ${about(view, job)} ${this.#buttons(view, job)} ${this.#panel(view, job)}
          ${receipt({ texts: common, cover: { notify } }, job)}
        </div>
      </div>`;
  }

  #buttons(view: CardView, job: Job) {
    const { host, actions } = view;
    const { common } = host;
    if (this.#isAsking) {
      return html`<div class="row" role="group" aria-label=${common.remove}>
        <button class="button danger" @click=${() => view.remove(job.id)}>${common.remove}</button>
        <button class="button quiet keep" @click=${() => this.#ask(false)}>${common.no}</button>
      </div>`;
    }
    return html`<div class="row">
      ${
        job.video && isShowable(job)
          ? html`<button class="button primary" @click=${() => (this.close(), host.choose(job))}>
              ${icon('check')}${common.use}
            </button>`
          : nothing
      }
      ${isShowable(job) ? download(view, job, 'button quiet') : nothing}
      ${actions
        .filter((action) => action.isFor(job))
        .map(
          (action) =>
            html`<button
              class="button quiet"
              data-act=${action.id}
              aria-expanded=${action.panel ? this.#panelId === action.id : nothing}
              @click=${() => (this.#panelId === action.id ? this.#setPanel(undefined) : view.run(action, job))}
            >
              ${action.icon(job)}${action.label(job)}
            </button>`,
        )}
      ${
        isWaiting(job)
          ? html`<button class="button quiet" @click=${() => host.cancel(job.id)}>${common.cancel}</button>`
          : nothing
      }
      ${
        isEnded(job)
          ? html`<button class="button quiet" data-act="delete" @click=${() => this.#ask(true)}>
              ${icon('trash')}${common.remove}
            </button>`
          : nothing
      }
    </div>`;
  }

  #panel(view: CardView, job: Job) {
    const action = view.actions.find(({ id }) => id === this.#panelId);
    const panel = action?.isFor(job) && action.panel?.(job, this.place(action, job));
    return panel
      ? html`<div class="bigger-panel" role="group" aria-label=${action!.label(job)}>${panel}</div>`
      : nothing;
  }

  #ask(isAsking: boolean): void {
    this.#isAsking = isAsking;
    this.#host.requestUpdate();
  }
}

function media({ host, stills }: CardView, job: Job) {
  const { video, image } = job;
  if (!isShowable(job)) return stills.render(job);
  if (image) {
    return html`<img src=${image.url} width=${image.width} height=${image.height} alt=${job.title || job.prompt} />`;
  }
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return html`<video
    part="player"
    controls
    loop
    playsinline
    preload="metadata"
    aria-label=${job.title || host.common.modes[job.kind]}
    .muted=${true}
    ?autoplay=${!isCalm}
    width=${video!.width}
    height=${video!.height}
    poster=${video!.posterUrl}
    src=${video!.url}
    @error=${() => host.refreshJob(job.id)}
  ></video>`;
}

function about({ host }: CardView, job: Job) {
  const { texts, common, session } = host;
  const preset = session.presets.find(({ id }) => id === job.presetId);
  const size = job.video ?? job.image;
  const short = [shortFacts(host, job), job.aspectRatio, size && common.pixels(size.width, size.height)];
  const why = verdict(host, job);
  return html`<p class="bigger-state">
      <span class="badge ${isExpired(job) ? 'expired' : job.status}">${badgeText(host, job)}</span>
      <time datetime=${job.createdAt}>${when(host.language, job.createdAt)}</time>
    </p>
    ${why ? html`<p>${why}</p>` : nothing}
    <p class="bigger-prompt">${job.prompt}</p>
    <p class="hint">${preset?.model ?? job.model} · ${short.filter(Boolean).join(' · ')}</p>
    ${
      job.marketplace
        ? html`<div class="bigger-checks">
            <p class="bigger-label">${texts.gallery.checks(job.marketplace.name)}</p>
            <ul>
              ${job.marketplace.checks.map(
                ({ rule, passes }) =>
                  html`<li class=${passes ? 'passes' : 'fails'}>
                    ${icon(passes ? 'check' : 'warning')}${texts.gallery.rules[rule]}<span class="sr-only"
                      >: ${passes ? texts.gallery.passes : texts.gallery.fails}</span
                    >
                  </li>`,
              )}
            </ul>
          </div>`
        : nothing
    }
    ${
      job.source && isShowable(job)
        ? html`<figure class="bigger-source">
            <img src=${job.source.url} alt="" @error=${(event: Event) => (event.target as HTMLElement).remove()} />
            <figcaption class="hint">${texts.pictureName}</figcaption>
          </figure>`
        : nothing
    }`;
}
