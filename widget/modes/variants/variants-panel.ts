/** The panel of the variants: the photo, the result and its variants side by side, and the form for one more. */
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Job } from '../../../server/contract.ts';
import { isEnded } from '../../job-state.ts';
import type { Ordering } from '../../ordering.ts';
import { icon } from '../../parts/icon.ts';
import type { ActionPlace } from '../gallery/actions.ts';
import { download } from '../gallery/card.ts';
import { badgeText, isShowable, stateText, verdict, when } from '../gallery/job-facts.ts';
import { reasonAgainstWords } from '../kinds/kind-form.ts';
import type { ModeHost } from '../mode.ts';
import { unanswered } from '../unanswered.ts';
import type { Comparison } from './comparison.ts';

interface PanelView {
  host: ModeHost;
  shown: Comparison;
  source: Job['source'];
  ordering: Ordering;
  place: ActionPlace;
  send: () => void;
}

export function variantsPanel(view: PanelView) {
  const { host, shown, source } = view;
  const { texts, common } = host;
  return html`<div class="variants">
    <h4 tabindex="-1" data-panel-focus>${texts.variants.title}</h4>
    <ul class="versions" aria-label=${texts.variants.title} aria-busy=${shown.isReading}>
      ${
        source
          ? html`<li class="version">
              <div class="version-media"><img src=${source.url} alt="" /></div>
              <p class="version-name">${texts.pictureName}</p>
            </li>`
          : nothing
      }
      ${repeat(
        shown.jobs,
        ({ id }) => id,
        (job) => version(view, job),
      )}
    </ul>
    ${
      shown.hasFailed
        ? html`<div class="gallery-fault" role="alert">
            <p>${texts.listFailed}</p>
            <button class="button quiet" @click=${() => shown.read()}>${common.tryAgain}</button>
          </div>`
        : nothing
    }
    ${form(view)}
  </div>`;
}

function version(view: PanelView, job: Job) {
  const { host, shown } = view;
  const preset = host.session.presets.find(({ id }) => id === job.presetId);
  const name = [job.id === shown.rootId ? host.texts.variants.first : '', preset?.title].filter(Boolean).join(' · ');
  return html`<li
    class="version ${job.id === shown.jobId ? 'own' : ''}"
    data-version=${job.id}
    aria-current=${job.id === shown.jobId}
  >
    <div class="version-media">${media(host, job, name)}</div>
    <p class="version-name">${name}</p>
    <p class="hint">${when(host.language, job.createdAt)}${isShowable(job) ? '' : ` · ${badgeText(host, job)}`}</p>
    ${tools(view, job)}
  </li>`;
}

function media(host: ModeHost, job: Job, name: string) {
  const { video, image } = job;
  if (!isEnded(job)) {
    return html`<progress max="100" .value=${job.progress} aria-label=${stateText(host, job)}></progress>`;
  }
  if (!isShowable(job)) return html`<p class="version-why">${icon('warning')}${verdict(host, job)}</p>`;
  if (image) return html`<img src=${image.url} alt=${name} @error=${() => host.refreshJob(job.id)} />`;
  return html`<video
    part="player"
    controls
    loop
    playsinline
    preload="none"
    aria-label=${name}
    .muted=${true}
    poster=${video!.posterUrl}
    src=${video!.url}
    @error=${() => host.refreshJob(job.id)}
  ></video>`;
}

/** What may be done with it: the clip may be kept, the root is deleted in the larger view only. */
function tools({ host, shown, place }: PanelView, job: Job) {
  const { common } = host;
  const ask = (id: string | undefined) => {
    shown.askingId = id;
    host.requestUpdate();
  };
  if (!isEnded(job)) return nothing;
  if (shown.askingId === job.id) {
    return html`<div class="row" role="group" aria-label=${common.remove}>
      <button class="button danger small" data-act="yes" @click=${() => host.remove(job.id)}>${common.remove}</button>
      <button class="button quiet small keep" @click=${() => ask(undefined)}>${common.no}</button>
    </div>`;
  }
  const keep = () => {
    place.close();
    host.choose(job);
  };
  return html`<div class="version-tools">
    ${
      job.video && isShowable(job)
        ? html`<button class="button quiet small" data-act="use" @click=${keep}>${icon('check')}${common.use}</button>`
        : nothing
    }
    ${isShowable(job) ? download({ host, isFresh: () => false }, job, 'tool') : nothing}
    ${
      job.id === shown.rootId
        ? nothing
        : html`<button
            class="tool"
            data-act="delete"
            aria-label=${common.remove}
            title=${common.remove}
            @click=${() => ask(job.id)}
          >
            ${icon('trash')}
          </button>`
    }
  </div>`;
}

function form(view: PanelView) {
  const { host, shown, ordering } = view;
  const { texts, common } = host;
  const { draft, fault } = shown;
  const presets = host.presetsOf(shown.jobs[0]!.kind);
  const most = draft.preset!.limits.maxPromptLength;
  const isBusy = ordering.step !== 'idle';
  const short = draft.price - host.balance;
  const against = isBusy ? undefined : short > 0 ? common.notEnough(short) : reasonAgainstWords(host, draft);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    view.send();
  };
  return html`<form class="variant-form" @submit=${onSubmit}>
    <p class="hint">${shown.jobs[0]!.source ? texts.variants.about : texts.variants.aboutWords}</p>
    ${
      presets.length > 1
        ? html`<label class="pick"
            ><span class="chips-label">${texts.preset}</span
            ><select @change=${(event: Event) => draft.choosePreset((event.target as HTMLSelectElement).value)}>
              ${presets.map(
                ({ id, title }) => html`<option value=${id} ?selected=${id === draft.preset!.id}>${title}</option>`,
              )}
            </select></label
          >`
        : nothing
    }
    <label class="share-field"
      ><span class="field-head"
        ><span class="chips-label">${texts.variants.prompt}</span
        ><span aria-hidden="true" class="counter ${draft.prompt.length > most ? 'over' : ''}"
          >${draft.prompt.length} / ${most}</span
        ></span
      ><textarea
        class="line"
        data-focus
        rows="4"
        .value=${draft.prompt}
        @input=${(event: Event) => draft.write((event.target as HTMLTextAreaElement).value)}
      ></textarea>
    </label>
    ${fault ? html`<p class="form-fault" role="alert">${icon('warning')}${host.errorText(fault.code, fault.facts)}</p>` : nothing}
    ${
      ordering.step === 'unanswered'
        ? unanswered(host, ordering)
        : html`<button
              class="button primary"
              ?disabled=${against !== undefined}
              aria-disabled=${isBusy}
              aria-busy=${isBusy}
              aria-describedby="variant-against"
            >
              ${isBusy ? html`<span class="spinner"></span>` : nothing}<span
                >${isBusy ? texts.sending : texts.variants.order}</span
              >
              ${isBusy ? nothing : html`<span class="price">${common.tokens(draft.price)}</span>`}
            </button>
            <p class="hint centre" id="variant-against">${against ?? ''}</p>`
    }
  </form>`;
}
