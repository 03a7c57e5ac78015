/** What a batch shows in the form of its kind: the photos, the steps to the order, and how far it is. */
import { html, nothing } from 'lit';
import { failureOf } from '../../job-news.ts';
import { isEnded } from '../../job-state.ts';
import { icon } from '../../parts/icon.ts';
import { optionsToggle, reasonAgainstWords, type KindFormView } from '../kinds/kind-form.ts';
import type { ModeHost } from '../mode.ts';
import { unanswered } from '../unanswered.ts';
import type { BatchOrder, Placed } from './batch-order.ts';
import { isTooSmallFor, type Photo } from './photos.ts';
import { progressLine } from './progress-line.ts';

/** For a button inside the form: opens the file dialog that takes many. */
export function openManyPicker(event: Event): void {
  const form = (event.currentTarget as HTMLElement).closest('.kind-form')!;
  form.querySelector<HTMLInputElement>('.many-picker')!.click();
}

/** All photos that were picked; first those that are left out, with the reason. */
export function batchPhotos(host: ModeHost, batch: BatchOrder) {
  const { texts, common } = host;
  const { photos } = batch;
  const isFree = batch.takesPictures;
  const all = photos.all.map((photo) => ({ photo, fault: faultOf(host, batch, photo) }));
  const bad = all.filter(({ fault }) => fault);
  const told = [
    ...(photos.leftOut > 0 ? [texts.batch.leftOut(photos.leftOut)] : []),
    ...(bad.length > 0 ? [texts.batch.bad(bad.length)] : []),
  ];
  return html`<div class="batch">
    <div class="batch-head">
      <h3 class="batch-title" tabindex="-1">${texts.batch.title(batch.usable.length)}</h3>
      <button type="button" class="button quiet" ?disabled=${!isFree} @click=${openManyPicker}>
        ${icon('plus')}${texts.batch.more}
      </button>
      <button
        type="button"
        class="tool"
        aria-label=${texts.batch.leave}
        title=${texts.batch.leave}
        ?disabled=${!isFree}
        @click=${() => batch.close()}
      >
        ${icon('close')}
      </button>
    </div>
    ${
      told.length > 0 && !photos.isReading
        ? html`<p class="form-fault" role="alert">${icon('warning')}${told.join(' ')}</p>`
        : nothing
    }
    <ul class="batch-photos" aria-label=${texts.batch.photos} aria-busy=${photos.isReading}>
      ${[...bad, ...all.filter(({ fault }) => !fault)].map(
        ({ photo, fault }) =>
          html`<li class="batch-photo ${fault ? 'bad' : ''}">
            <span class="batch-thumb">${photo.thumb ?? icon('picture')}</span>
            <span class="batch-name"
              ><span>${photo.file.name}</span>${
                fault ? html`<small>${fault} ${texts.batch.isLeftOut}</small>` : nothing
              }</span
            >
            ${photo.upload && !fault ? html`<span class="passes" title=${texts.batch.uploaded}>${icon('check')}</span>` : nothing}
            <button
              type="button"
              class="tool"
              aria-label="${common.remove}: ${photo.file.name}"
              ?disabled=${!isFree}
              @click=${(event: Event) => remove(event, photos, photo)}
            >
              ${icon('close')}
            </button>
          </li>`,
      )}
    </ul>
  </div>`;
}

/** The next photo takes the place and the focus; the last one hands the focus to the one before. */
function remove({ currentTarget }: Event, photos: BatchOrder['photos'], photo: Photo): void {
  const item = (currentTarget as HTMLElement).closest('li')!;
  if (!item.nextElementSibling) item.previousElementSibling?.querySelector('button')?.focus();
  photos.remove(photo);
}

function faultOf(host: ModeHost, { draft }: BatchOrder, photo: Photo): string | undefined {
  if (photo.fault) return host.errorText(photo.fault.code, photo.fault.facts);
  const { preset } = draft.framing;
  if (!preset || !isTooSmallFor(photo, preset)) return undefined;
  return host.texts.pictureTooSmall(preset.limits.minFrameWidth, preset.limits.minFrameHeight);
}

/** The button of the next step, with what belongs to it. */
export function batchBuy(view: KindFormView) {
  const { host, batch } = view;
  if (batch.ordering.step === 'unanswered') return unanswered(host, batch.ordering);
  if (batch.photos.isUploading) return uploadProgress(host, batch);
  return batch.isUploaded || batch.ordering.step !== 'idle' ? orderStep(view) : uploadStep(view);
}

function uploadStep(view: KindFormView) {
  const { texts } = view.host;
  const { photos, usable } = view.batch;
  const against = usable.length === 0 && !photos.isReading ? texts.batch.noneUsable : undefined;
  return html`<div class="buy-row">
    ${optionsToggle(view)}
    <button
      class="button primary"
      part="generate"
      ?disabled=${photos.isReading || against !== undefined}
      aria-busy=${photos.isReading}
      aria-describedby="batch-against"
    >
      ${photos.isReading ? html`<span class="spinner"></span>` : nothing}${texts.batch.upload(usable.filter(({ upload }) => !upload).length)}
    </button>
    <p class="hint centre" id="batch-against">${against ?? texts.batch.uploadIsFree}</p>
  </div>`;
}

function uploadProgress({ texts, common }: ModeHost, { photos, usable }: BatchOrder) {
  const done = usable.filter(({ upload }) => upload).length;
  const line = texts.batch.uploading(Math.min(done + 1, usable.length), usable.length);
  return html`<div class="batch-line">
    <p>${line}</p>
    <progress part="progress" max=${usable.length} .value=${done + photos.sentShare} aria-label=${line}></progress>
    <p class="warning">${icon('warning')}${common.dontClose}</p>
    <button type="button" class="button quiet" data-focus @click=${() => photos.cancel()}>${common.cancel}</button>
  </div>`;
}

function orderStep(view: KindFormView) {
  const { host, batch } = view;
  const { texts, common } = host;
  const { quote } = batch;
  if (batch.hasNoPrice) {
    return html`<div class="buy-row">
      ${optionsToggle(view)}
      <button type="button" class="button primary" @click=${() => batch.askPrice()}>${common.tryAgain}</button>
    </div>`;
  }
  const isBusy = batch.ordering.step !== 'idle';
  const { count, tokens } = quote ? batch.within : { count: 0, tokens: 0 };
  const against = isBusy ? undefined : reasonAgainst(host, batch, count);
  const part = quote && count > 0 && count < quote.count ? texts.batch.within(count, quote.count) : '';
  return html`<div class="buy-row">
    <div class="batch-money">
      <p>
        ${quote ? texts.batch.total(quote.count, common.tokens(quote.total)) : batch.needsWords ? '' : texts.batch.pricing}
      </p>
      <label class="batch-limit"
        ><span class="chips-label">${texts.batch.limit}</span
        ><input
          class="line"
          inputmode="numeric"
          autocomplete="off"
          maxlength="9"
          aria-describedby="batch-against"
          .value=${batch.limit}
          ?disabled=${isBusy || !quote}
          @input=${(event: Event) => (batch.limit = (event.target as HTMLInputElement).value)}
      /></label>
    </div>
    ${optionsToggle(view)}
    <button
      class="button primary"
      part="generate"
      ?disabled=${!quote || against !== undefined}
      aria-disabled=${isBusy}
      aria-busy=${isBusy}
      aria-describedby="batch-against"
    >
      ${isBusy ? html`<span class="spinner"></span>` : nothing}<span
        >${isBusy ? texts.sending : texts.batch.order(count)}</span
      >
      ${isBusy || !quote ? nothing : html`<span class="price">${common.tokens(tokens)}</span>`}
    </button>
    <p class="hint centre" id="batch-against">
      ${against ?? [part, common.balance(host.balance)].filter(Boolean).join(' · ')}
    </p>
  </div>`;
}

function reasonAgainst(host: ModeHost, { budget, quote, draft, needsWords }: BatchOrder, count: number) {
  const { texts, common, balance } = host;
  if (needsWords || draft.prompt.trim() !== '') {
    const against = reasonAgainstWords(host, draft);
    if (against) return against;
  }
  if (!quote) return undefined;
  if (!(budget > 0)) return texts.batch.limitIsWhole;
  if (count > 0) return undefined;
  const price = quote.total / quote.count;
  return balance < price ? common.notEnough(price - balance) : texts.batch.limitTooLow(common.tokens(price));
}

/** One line for all; the photos without a result are named with the reason. A job that was cancelled counts no more. */
export function batchProgress(host: ModeHost, batch: BatchOrder) {
  const { texts, common } = host;
  const placed = batch.placed!.filter(({ job }) => job?.status !== 'cancelled');
  const jobs = placed.flatMap(({ job }) => job ?? []);
  const faults = placed.map((each, at) => ({ ...each, name: each.name ?? texts.batch.photo(at + 1) }));
  return html`<div class="batch batch-line">
    <h3 class="batch-title" tabindex="-1">${texts.batch.placed}</h3>
    <p class="batch-said">${progressLine(host, placed)}</p>
    <progress
      part="progress"
      max=${Math.max(jobs.length, 1)}
      .value=${jobs.filter(isEnded).length}
      aria-label=${texts.batch.placed}
    ></progress>
    <ul class="batch-faults">
      ${faults.map((each) => reasonLine(host, each))}
    </ul>
    <button type="button" class="button quiet" @click=${() => batch.close()}>${common.close}</button>
  </div>`;
}

function reasonLine(host: ModeHost, { name, job, fault }: Placed) {
  if (!fault && job?.status !== 'failed') return nothing;
  const why = fault ? host.errorText(fault.code, fault.facts) : host.errorText(failureOf(job!));
  return html`<li>
    ${icon('warning')}<span><b>${name}</b>: ${why}</span>
  </li>`;
}
