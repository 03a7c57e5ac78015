/** The picture with its frame: dragged, resized at the corners, zoomed by the slider, or moved by keys. */
import { html, nothing } from 'lit';
import type { Frame } from '../../server/contract.ts';
import type { Draft } from '../draft.ts';
import { frameAfterKey, moveFrame, resizeFrame, zoomFrame, zoomOf } from '../frame-geometry.ts';
import { icon } from './icon.ts';
import { openPicker } from './upload-zone.ts';
import type { View } from './view.ts';

type Words = Pick<View, 'texts'>;

/** A corner as the signs of its directions: [-1, -1] is top left. */
type Corner = readonly [-1 | 1, -1 | 1];
const corners: readonly Corner[] = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
];

interface Drag {
  start: PointerEvent;
  corner: Corner | undefined;
  from: Frame;
  /** Source pixels for each CSS pixel. */
  scale: number;
}

/** Holds the drag under way; one per element. */
export class Framing {
  readonly #draft: Draft;
  readonly #say: (view: Words) => void;
  #drag: Drag | undefined;

  /** `say` is called after a key press, to tell the new position to a screen reader. */
  constructor({ draft, say }: { draft: Draft; say: (view: Words) => void }) {
    this.#draft = draft;
    this.#say = say;
  }

  render(view: Words) {
    const { texts } = view;
    const { picture, rules, frame, fit } = this.#draft;
    if (!picture) return nothing;
    return html`<div class="framing">
      <div class="stage">
        <canvas class="stage-picture" role="img" aria-label=${picture.file.name}></canvas>
        ${fit === 'crop' && rules && frame ? this.#renderFrame(view, frame) : nothing}
      </div>
      <div class="frame-tools">
        <div class="segmented" role="radiogroup" aria-label=${texts.fit}>
          ${(['crop', 'pad'] as const).map(
            (each) =>
              html`<label
                ><input
                  type="radio"
                  name="fit"
                  .checked=${fit === each}
                  @change=${() => this.#draft.setFit(each)}
                /><span>${texts[each]}</span></label
              >`,
          )}
        </div>
        <button class="button plain" @click=${openPicker}>${icon('swap')}${texts.otherPicture}</button>
        ${this.#renderZoom(view)}
      </div>
    </div>`;
  }

  #renderZoom({ texts }: Words) {
    const { rules, frame, fit } = this.#draft;
    if (fit !== 'crop' || !rules || !frame || rules.largest <= rules.smallest) return nothing;
    const onInput = (event: Event) =>
      this.#draft.setFrame(zoomFrame(rules, frame, Number((event.target as HTMLInputElement).value)));
    return html`<label class="zoom"
      ><span>${texts.zoom}</span
      ><input
        type="range"
        aria-label=${texts.zoom}
        min="0"
        max="100"
        .value=${String(zoomOf(rules, frame))}
        @input=${onInput}
    /></label>`;
  }

  #renderFrame(view: Words, frame: Frame) {
    const { width, height } = this.#draft.picture!;
    const share = (part: number, whole: number) => `${(part / whole) * 100}%`;
    const place = [
      `left:${share(frame.x, width)}`,
      `top:${share(frame.y, height)}`,
      `width:${share(frame.width, width)}`,
      `height:${share(frame.height, height)}`,
      // A frame as high as the picture only moves sideways, so that a swipe over it can still scroll the page.
      `touch-action:${frame.height < height - 1 ? 'none' : 'pan-y'}`,
    ].join(';');
    return html`<div
        class="frame"
        part="frame"
        role="application"
        tabindex="0"
        data-focus
        aria-label=${view.texts.frame}
        aria-describedby="frame-help frame-place"
        .style=${place}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event, view)}
        @pointerdown=${(event: PointerEvent) => this.#onDown(event)}
        @pointermove=${(event: PointerEvent) => this.#onMove(event)}
        @pointerup=${(event: PointerEvent) => this.#onUp(event)}
        @pointercancel=${() => (this.#drag = undefined)}
      >
        ${corners.map(
          (corner) =>
            html`<span
              class="corner ${corner[0] < 0 ? 'left' : 'right'} ${corner[1] < 0 ? 'top' : 'bottom'}"
              @pointerdown=${(event: PointerEvent) => this.#onDown(event, corner)}
            ></span>`,
        )}
      </div>
      <span id="frame-help" hidden>${view.texts.frameHelp}</span>
      <span id="frame-place" hidden>${placeText(view, this.#draft)}</span>`;
  }

  #onKey(event: KeyboardEvent, view: Words): void {
    const { rules, frame } = this.#draft;
    const next =
      rules && frame && !event.ctrlKey && !event.metaKey && !event.altKey && frameAfterKey(rules, frame, event);
    if (!next) return;
    event.preventDefault();
    this.#draft.setFrame(next);
    this.#say(view);
  }

  #onDown(event: PointerEvent, corner?: Corner): void {
    if (this.#drag || event.button !== 0) return;
    const { frame, picture } = this.#draft;
    const box = (event.currentTarget as HTMLElement).closest('.frame') as HTMLElement;
    box.setPointerCapture(event.pointerId);
    const scale = picture!.width / box.parentElement!.clientWidth;
    this.#drag = { start: event, corner, from: frame!, scale };
  }

  /** A press without dragging puts the frame's middle there: WCAG 2.2, 2.5.7 asks for a way without dragging. */
  #onUp({ offsetX, offsetY }: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (!drag || drag.corner || drag.from !== this.#draft.frame) return;
    const { from, scale } = drag;
    const by = { x: offsetX * scale - from.width / 2, y: offsetY * scale - from.height / 2 };
    this.#draft.setFrame(moveFrame(this.#draft.rules!, from, by));
  }

  #onMove(event: PointerEvent): void {
    const drag = this.#drag;
    const { rules } = this.#draft;
    if (!drag || !rules || event.pointerId !== drag.start.pointerId) return;
    const x = (event.clientX - drag.start.clientX) * drag.scale;
    const y = (event.clientY - drag.start.clientY) * drag.scale;
    this.#draft.setFrame(drag.corner ? this.#resized(drag, { x, y }) : moveFrame(rules, drag.from, { x, y }));
  }

  /** The pulled corner follows the pointer along the diagonal; the opposite one stays. */
  #resized({ corner, from }: Drag, by: { x: number; y: number }): Frame {
    const [signX, signY] = corner!;
    const rules = this.#draft.rules!;
    const growth = (by.x * signX + by.y * signY * (rules.ratio.width / rules.ratio.height)) / 2;
    const anchor = { x: (1 - signX) / 2, y: (1 - signY) / 2 };
    return resizeFrame(rules, from, { width: from.width + growth, anchor });
  }
}

/** Where the frame is, in words. */
export function placeText({ texts }: Words, { frame }: Draft): string {
  return frame ? texts.framePlace(frame.x, frame.y, frame.width, frame.height) : '';
}
