/** Sharing one finished result: its public link, and for a clip the code a shop puts on its page. */
import { html, nothing } from 'lit';
import type { Job, Share } from '../../../server/contract.ts';
import { asApiError, type ApiError } from '../../api-error.ts';
import { icon } from '../../parts/icon.ts';
import type { ActionPlace, CardAction } from '../gallery/actions.ts';
import { glyphIcon } from '../gallery/icons.ts';
import { isClip, isShowable } from '../gallery/job-facts.ts';
import type { ModeHost } from '../mode.ts';
import { copyField } from './copy.ts';

/** What is known of the link of the job whose panel is open. */
interface Shown {
  jobId: string;
  share: Share | undefined;
  isBusy: boolean;
  isEnded: boolean;
  fault: ApiError | undefined;
  /** What was done last, below the buttons. */
  said: string;
}

/** One a gallery. The link is made when the panel is opened; asking again answers the same one. */
export class ShareAction implements CardAction {
  readonly id = 'share';
  readonly #host: ModeHost;
  #shown: Shown | undefined;

  constructor(host: ModeHost) {
    this.#host = host;
  }

  label(): string {
    return this.#host.texts.share.title;
  }

  icon() {
    return glyphIcon('share');
  }

  isFor(job: Job): boolean {
    return isShowable(job);
  }

  run(job: Job, place: ActionPlace): void {
    this.#shown = { jobId: job.id, share: undefined, isBusy: false, isEnded: false, fault: undefined, said: '' };
    place.openPanel();
    void this.#make(this.#shown);
  }

  panel(job: Job) {
    const shown = this.#shown;
    if (shown?.jobId !== job.id) return nothing;
    const { texts, common } = this.#host;
    const { share, fault } = shown;
    return html`<div class="share">
      <h4 tabindex="-1" data-panel-focus>${texts.share.title}</h4>
      ${share ? this.#links(shown, share, job) : nothing}
      ${!share && shown.isBusy ? html`<p class="hint">${common.loading}</p>` : nothing}
      ${fault ? html`<p class="form-fault" role="alert">${icon('warning')}${this.#host.errorText(fault.code, fault.facts)}</p>` : nothing}
      ${
        share || shown.isBusy
          ? nothing
          : html`<button class="button quiet keep" @click=${() => this.#make(shown)}>
              ${shown.isEnded ? texts.share.anew : common.tryAgain}
            </button>`
      }
      <p class="share-said">${shown.said}</p>
    </div>`;
  }

  #links(shown: Shown, share: Share, job: Job) {
    const { texts } = this.#host;
    return html`<p class="hint">${texts.share.about}</p>
      <label class="share-field"
        ><span class="chips-label">${texts.share.link}</span><input class="line" readonly .value=${share.url}
      /></label>
      <div class="row">
        ${this.#copy(shown, texts.share.copyLink)}
        <a class="button quiet" href=${share.url} target="_blank" rel="noopener">${texts.share.open}</a>
        ${
          'share' in navigator
            ? html`<button class="button quiet" @click=${() => send(share.url, job.title)}>${texts.share.send}</button>`
            : nothing
        }
      </div>
      ${
        isClip(job)
          ? html`<label class="share-field"
                ><span class="chips-label">${texts.share.code}</span
                ><textarea
                  class="line code"
                  readonly
                  rows="4"
                  spellcheck="false"
                  aria-describedby="share-code-about"
                  .value=${share.embedCode}
                ></textarea>
              </label>
              <p class="hint" id="share-code-about">${texts.share.codeAbout}</p>
              <div class="row">${this.#copy(shown, texts.share.copyCode)}</div>`
          : nothing
      }
      <button class="button plain share-end" aria-busy=${shown.isBusy} @click=${() => this.#end(shown)}>
        ${texts.share.end}
      </button>`;
  }

  /** Copies the field above it. */
  #copy(shown: Shown, label: string) {
    const onClick = async (event: Event) => {
      const row = (event.currentTarget as HTMLElement).closest('.row')!;
      const fields = [...row.parentElement!.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('.line')];
      const above = fields.filter((each) => each.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
      const isCopied = await copyField(above.at(-1)!);
      this.#tell(shown, isCopied ? this.#host.common.copied : this.#host.texts.share.selected);
    };
    return html`<button class="button quiet" @click=${onClick}>${icon('copy')}${label}</button>`;
  }

  #make(shown: Shown): Promise<void> {
    return this.#attempt(shown, async () => {
      shown.share = await this.#host.api.share(shown.jobId);
      shown.isEnded = false;
      return this.#host.texts.share.made;
    });
  }

  #end(shown: Shown): Promise<void> {
    return this.#attempt(shown, async () => {
      await this.#host.api.endShare(shown.jobId);
      shown.share = undefined;
      shown.isEnded = true;
      return this.#host.texts.share.ended;
    });
  }

  #tell(shown: Shown, text: string): void {
    shown.said = text;
    this.#host.say(text);
  }

  /** `action` answers what is to be said once it is done. */
  async #attempt(shown: Shown, action: () => Promise<string>): Promise<void> {
    if (shown.isBusy) return;
    Object.assign(shown, { isBusy: true, fault: undefined, said: '' });
    this.#host.requestUpdate();
    let said = '';
    try {
      said = await action();
    } catch (fault) {
      shown.fault = asApiError(fault);
    }
    shown.isBusy = false;
    if (!this.#host.signal.aborted) this.#tell(shown, said);
  }
}

/** The system's own sheet; a seller who closes it has shared nothing, which is no fault. */
const send = (url: string, title?: string) =>
  void navigator.share({ url, ...(title && { title }) }).catch(() => undefined);
