/** One message at a time. It stays 10 s, longer while it is pointed at or focused, and can be closed. */
import { html, nothing } from 'lit';
import { errorText } from '../i18n/i18n.ts';
import type { AnyCode } from '../api-error.ts';
import type { JobController, Notice } from '../job-controller.ts';
import { icon } from './icon.ts';
import type { View } from './view.ts';

const shownMs = 10_000;

/** Counts the time of the notice the controller holds. */
export class Toast {
  readonly #cover: JobController;
  #notice: Notice | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(cover: JobController) {
    this.#cover = cover;
  }

  render(view: View) {
    const { notice } = this.#cover;
    if (notice !== this.#notice) {
      this.#restart(notice);
      if (notice?.kind === 'info') this.#cover.spoken = textOf(view, notice);
    }
    return html`<div
      class="toast-place"
      role=${notice?.kind === 'error' ? 'alert' : nothing}
      @pointerenter=${() => this.#hold()}
      @pointerleave=${() => this.#restart(notice)}
      @focusin=${() => this.#hold()}
      @focusout=${() => this.#restart(notice)}
    >
      ${
        notice
          ? html`<div class="toast ${notice.kind}" part="toast">
              ${icon(notice.kind === 'error' ? 'warning' : 'check')}
              <p>${textOf(view, notice)}</p>
              <button class="tool" aria-label=${view.texts.close} @click=${() => this.#cover.dismiss()}>
                ${icon('close')}
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }

  #hold(): void {
    clearTimeout(this.#timer);
  }

  #restart(notice: Notice | undefined): void {
    this.#hold();
    this.#notice = notice;
    if (notice) this.#timer = setTimeout(() => this.#cover.notice === notice && this.#cover.dismiss(), shownMs);
  }
}

/** What the notice says. */
export function textOf({ texts }: Pick<View, 'texts'>, { code, facts, refunded, text: said }: Notice): string {
  const ownWords = texts as unknown as Partial<Record<Notice['code'], string>>;
  const text = said ?? ownWords[code] ?? errorText(texts, code as AnyCode, facts);
  return refunded > 0 ? `${text} ${texts.refund(refunded)}` : text;
}
