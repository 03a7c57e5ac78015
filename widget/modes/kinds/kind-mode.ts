/** One kind of generation: its gallery above, its form fixed at the bottom. */
import { html } from 'lit';
import type { JobKind } from '../../../server/contract.ts';
import { ApiError, asApiError } from '../../api-error.ts';
import type { Ordering } from '../../ordering.ts';
import { drawPreview, drawStage } from '../../parts/canvas.ts';
import { Framing, placeText } from '../../parts/framing.ts';
import { Gallery } from '../gallery/gallery.ts';
import type { Mode, ModeHost } from '../mode.ts';
import { KindDraft, needsPicture } from './kind-draft.ts';
import { kindForm, reasonAgainst } from './kind-form.ts';

/** The mode of one kind. */
export class KindMode implements Mode {
  readonly #host: ModeHost;
  readonly #kind: JobKind;
  readonly #draft: KindDraft;
  readonly #ordering: Ordering;
  readonly #gallery: Gallery;
  readonly #framing: Framing;
  #fault: ApiError | undefined;
  #isOpen = false;
  #isFraming = false;
  #drawnStage: HTMLCanvasElement | null = null;
  #wantsTop = false;

  constructor(host: ModeHost, kind: JobKind) {
    this.#host = host;
    this.#kind = kind;
    this.#draft = new KindDraft({ presets: () => host.presetsOf(kind), changed: () => host.requestUpdate() });
    this.#framing = new Framing({
      draft: this.#draft.framing,
      say: () => host.say(placeText({ texts: host.common }, this.#draft.framing)),
    });
    this.#gallery = new Gallery({ host, filter: { kind }, emptyText: () => host.texts.kinds[kind].empty });
    this.#ordering = host.ordering(kind, {
      changed: () => this.#onStep(),
      created: () => this.#onCreated(),
      failed: (fault) => this.#fail(fault),
    });
  }

  render() {
    this.#draft.settle();
    return html`<div class="kind">
      <div class="gallery-top"></div>
      ${this.#gallery.render()}
      ${kindForm({
        host: this.#host,
        kind: this.#kind,
        draft: this.#draft,
        ordering: this.#ordering,
        framing: this.#framing,
        fault: this.#fault,
        isOpen: this.#isOpen,
        isFraming: this.#isFraming,
        toggle: (part) => this.#toggle(part),
        send: () => this.#send(),
      })}
    </div>`;
  }

  drawn(root: HTMLElement): void {
    const { framing } = this.#draft;
    const preview = root.querySelector<HTMLCanvasElement>('.sent-picture');
    const stage = root.querySelector<HTMLCanvasElement>('.stage-picture');
    if (preview && framing.picture) drawPreview(preview, framing);
    if (stage && stage !== this.#drawnStage && framing.picture) drawStage(stage, framing);
    this.#drawnStage = stage;
    if (this.#wantsTop) root.querySelector('.gallery-top')!.scrollIntoView({ block: 'nearest' });
    this.#wantsTop = false;
  }

  get takesPictures(): boolean {
    return needsPicture(this.#kind) && this.#ordering.step === 'idle' && this.#draft.preset !== undefined;
  }

  pick(files: readonly File[]): void {
    void this.#pick(files);
  }

  dispose(): void {
    this.#gallery.dispose();
    this.#draft.framing.clear();
  }

  async #pick(files: readonly File[]): Promise<void> {
    this.#fault = undefined;
    try {
      if (files.length !== 1) throw new ApiError('one_picture');
      await this.#draft.pick(files[0]!, this.#host.session);
      this.#drawnStage = null;
    } catch (fault) {
      this.#fail(asApiError(fault));
    }
    this.#host.requestUpdate();
  }

  #toggle(part: 'options' | 'framing'): void {
    if (part === 'options') this.#isOpen = !this.#isOpen;
    else this.#isFraming = !this.#isFraming;
    this.#host.requestUpdate();
  }

  #send(): void {
    const { preset } = this.#draft;
    if (!preset || reasonAgainst({ host: this.#host, kind: this.#kind, draft: this.#draft })) return;
    this.#fault = undefined;
    void this.#ordering.place(this.#draft);
  }

  /** After a reload the order that is sent again brings its words back, in case it is refused. */
  #onStep(): void {
    const { order, step } = this.#ordering;
    if (step === 'creating' && order && this.#draft.prompt === '') this.#draft.restore(order.body);
    this.#host.requestUpdate();
  }

  #onCreated(): void {
    this.#draft.prompt = '';
    this.#wantsTop = true;
    this.#isFraming = false;
    this.#isOpen = false;
    this.#host.say(this.#host.texts.ordered);
  }

  #fail(fault: ApiError): void {
    this.#fault = fault;
    this.#host.requestUpdate();
  }
}
