/** The form of one kind, fixed at the bottom of its gallery. Holds no state: reads the draft and asks the mode. */
import { html, nothing } from 'lit';
import type { JobKind } from '../../../server/contract.ts';
import type { ApiError } from '../../api-error.ts';
import type { Ordering } from '../../ordering.ts';
import type { Framing } from '../../parts/framing.ts';
import { icon } from '../../parts/icon.ts';
import { accepted, openPicker } from '../../parts/upload-zone.ts';
import { modeIcon } from '../icons.ts';
import { batchBuy, batchPhotos, batchProgress, openManyPicker } from '../batch/batch-panel.ts';
import type { BatchOrder } from '../batch/batch-order.ts';
import type { ModeHost } from '../mode.ts';
import { unanswered } from '../unanswered.ts';
import { pictureSlot } from '../picture-slot.ts';
import { chips, shapeGlyph, shapeName } from './choices.ts';
import { needsPicture, withPicture, type KindDraft } from './kind-draft.ts';

/** What the form shows and asks for. */
export interface KindFormView {
  host: ModeHost;
  kind: JobKind;
  draft: KindDraft;
  ordering: Ordering;
  framing: Framing;
  batch: BatchOrder;
  fault: ApiError | undefined;
  isOpen: boolean;
  isFraming: boolean;
  toggle: (part: 'options' | 'framing') => void;
  send: () => void;
  pick: (files: readonly File[]) => void;
}

export function kindForm(view: KindFormView) {
  const { host, kind, draft, batch } = view;
  if (!draft.preset) return html`<p class="empty hint">${host.texts.noPreset}</p>`;
  if (batch.placed) return html`<div class="kind-form" part="form">${batchProgress(host, batch)}</div>`;
  const onSubmit = (event: Event) => {
    event.preventDefault();
    view.send();
  };
  return html`<form class="kind-form" part="form" aria-label=${host.texts.kinds[kind].create} @submit=${onSubmit}>
    ${needsPicture(kind) ? manyPicker(view) : nothing} ${batch.isOpen ? batchPhotos(host, batch) : nothing}
    ${!batch.isOpen && view.isFraming && draft.picture ? view.framing.render({ texts: host.common }) : nothing}
    <div class="words">
      ${takesPicture(host, kind) && !batch.isOpen ? photo(view) : nothing}
      <div class="field">
        <div class="field-head">
          <label for="prompt-${kind}">${host.texts.kinds[kind].prompt}</label>
          ${counter(view)}
        </div>
        <div class="grow" data-text=${draft.prompt || host.texts.kinds[kind].hint}>
          <textarea
            id="prompt-${kind}"
            data-focus
            rows="1"
            aria-describedby="count-${kind}"
            placeholder=${host.texts.kinds[kind].hint}
            .value=${draft.prompt}
            @input=${(event: Event) => draft.write((event.target as HTMLTextAreaElement).value)}
            @keydown=${(event: KeyboardEvent) => onKey(event, view)}
          ></textarea>
        </div>
      </div>
    </div>
    <div class="options ${view.isOpen ? 'open' : ''}" id="options-${kind}">${options(view)}</div>
    ${view.fault ? html`<p class="form-fault" role="alert">${icon('warning')}${host.errorText(view.fault.code, view.fault.facts)}</p>` : nothing}
    ${batch.isOpen ? batchBuy(view) : buy(view)}
  </form>`;
}

/** The file dialog of these modes takes many pictures; that of the widget takes one. */
function manyPicker({ host, pick }: KindFormView) {
  const onChange = (event: Event) => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length > 0) pick(files);
  };
  return html`<input
    type="file"
    hidden
    multiple
    class="many-picker"
    aria-label=${host.texts.addPicture}
    accept=${accepted(host.session)}
    @change=${onChange}
  />`;
}

/** Enter makes a new line; Ctrl or Cmd with it sends. */
function onKey(event: KeyboardEvent, view: KindFormView): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  view.send();
}

function counter({ host, kind, draft }: KindFormView) {
  const most = draft.preset!.limits.maxPromptLength;
  const left = most - draft.prompt.length;
  const words = left < 0 ? host.texts.lettersOver(-left) : host.texts.lettersLeft(left);
  return html`<span class="counter ${left < 0 ? 'over' : ''}" id="count-${kind}"
    ><span aria-hidden="true">${draft.prompt.length} / ${most}</span><span class="sr-only">${words}</span></span
  >`;
}

/** Whether the form has a place for a photo. */
export const takesPicture = (host: ModeHost, kind: JobKind): boolean => host.presetsOf(withPicture(kind)).length > 0;

/** A kind that needs a photo takes many at once, as a batch. */
function photo({ host, kind, draft, isFraming, toggle }: KindFormView) {
  const { texts } = host;
  const add = needsPicture(kind)
    ? { label: texts.addPicture, open: openManyPicker }
    : { label: texts.addPictureIfLiked, open: openPicker };
  return pictureSlot({ host, framing: draft.framing, isFraming, toggleFraming: () => toggle('framing'), add });
}

function options({ host, draft }: KindFormView) {
  const { texts, common, session } = host;
  const { presets } = draft;
  const { aspectRatios, seconds, modes } = draft.preset!.choices;
  const { choices } = draft;
  const { tokens } = common;
  return html`${
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
  ${chips({
    name: 'shape',
    label: texts.shape,
    tokens,
    taken: choices.aspectRatio,
    choose: (aspectRatio) => draft.choose({ aspectRatio }),
    chips: aspectRatios.map(({ value, extraTokens }) => ({
      value,
      extra: extraTokens,
      label: html`${shapeGlyph(value)}<span
          ><span class="word">${texts.shapes[shapeName(value)]}</span> <small>${value}</small></span
        >`,
    })),
  })}
  ${chips<number | null>({
    name: 'seconds',
    label: texts.seconds,
    tokens,
    taken: choices.seconds,
    choose: (wish) => draft.choose({ seconds: wish }),
    chips: seconds.map(({ value, extraTokens }) => ({ value, extra: extraTokens, label: common.seconds(value) })),
  })}
  ${chips<string | undefined>({
    name: 'quality',
    label: texts.quality,
    tokens,
    taken: choices.mode,
    choose: (mode) => draft.choose({ mode }),
    chips: modes.map(({ value, extraTokens, quality }) => ({ value, extra: extraTokens, label: quality || value })),
  })}
  ${chips<string | undefined>({
    name: 'style',
    label: texts.style,
    tokens,
    taken: draft.styleId,
    choose: (id) => draft.chooseStyle(id),
    chips: [
      ...(session.styles.length > 0 ? [{ value: undefined, label: texts.noStyle }] : []),
      ...session.styles.map(({ id, title, pictureUrl }) => ({
        value: id,
        label: html`<img src=${pictureUrl} alt="" loading="lazy" />${title}`,
      })),
    ],
  })}`;
}

function hasOptions({ host, draft }: KindFormView): boolean {
  const lists = [draft.presets, host.session.styles, ...Object.values(draft.preset!.choices)];
  return lists.some((list, index) => list.length > (index === 1 ? 0 : 1));
}

/** The choices in a few words, for while they are folded away. */
function summary({ host, draft }: KindFormView): string {
  const { choices, preset, styleId } = draft;
  const title = draft.presets.length > 1 ? preset!.title : '';
  const quality = preset!.choices.modes.find((mode) => mode.value === choices.mode)?.quality ?? preset!.quality;
  const style = host.session.styles.find(({ id }) => id === styleId)?.title;
  const length = choices.seconds === null ? '' : host.common.seconds(choices.seconds);
  const shape = `${host.texts.shapes[shapeName(choices.aspectRatio)]} ${choices.aspectRatio}`;
  return [title, shape, length, quality, style].filter(Boolean).join(' · ');
}

/** Why the button is off, in the order in which the seller can do something about it; undefined when it is on. */
export function reasonAgainst({
  host,
  kind,
  draft,
}: Pick<KindFormView, 'host' | 'kind' | 'draft'>): string | undefined {
  const { texts, common, balance } = host;
  const preset = draft.preset!;
  if (balance < draft.price) return common.notEnough(draft.price - balance);
  if (needsPicture(kind) && !draft.picture) return texts.addPictureFirst;
  const limits = draft.framing.preset?.limits ?? preset.limits;
  if (draft.picture && draft.framing.isTooSmall) {
    return texts.pictureTooSmall(limits.minFrameWidth, limits.minFrameHeight);
  }
  return reasonAgainstWords(host, draft);
}

/** The same for the words alone. */
export function reasonAgainstWords({ texts }: Pick<ModeHost, 'texts'>, draft: KindDraft): string | undefined {
  if (draft.prompt.trim() === '') return texts.writeFirst;
  const over = draft.prompt.length - draft.preset!.limits.maxPromptLength;
  return over > 0 ? texts.lettersOver(over) : undefined;
}

/** Folds the choices out and in, and says what is chosen; nothing where there is nothing to choose. */
export function optionsToggle(view: KindFormView) {
  if (!hasOptions(view)) return nothing;
  return html`<button
    type="button"
    class="button quiet options-toggle"
    aria-expanded=${view.isOpen}
    aria-controls="options-${view.kind}"
    @click=${() => view.toggle('options')}
  >
    ${modeIcon('settings')}<span class="sr-only">${view.host.texts.settings}</span
    ><span class="summary">${summary(view)}</span>
  </button>`;
}

function buy(view: KindFormView) {
  const { host, kind, draft, ordering } = view;
  const { texts, common } = host;
  if (ordering.step === 'unanswered') return unanswered(host, ordering);
  const isBusy = ordering.step !== 'idle';
  const against = isBusy ? undefined : reasonAgainst(view);
  const label =
    ordering.step === 'uploading'
      ? texts.uploading(Math.round(ordering.sentShare * 100))
      : isBusy
        ? texts.sending
        : texts.kinds[kind].create;
  return html`<div class="buy-row">
    ${optionsToggle(view)}
    <button
      class="button primary"
      part="generate"
      ?disabled=${against !== undefined}
      aria-disabled=${isBusy}
      aria-busy=${isBusy}
      aria-describedby="against-${kind}"
    >
      ${isBusy ? html`<span class="spinner"></span>` : nothing}<span>${label}</span>
      ${isBusy ? nothing : html`<span class="price">${common.tokens(draft.price)}</span>`}
    </button>
    <p class="hint centre" id="against-${kind}">
      ${ordering.step === 'uploading' ? common.dontClose : (against ?? '')}
    </p>
  </div>`;
}
