/** One kind of generation: its gallery above, its form fixed at the bottom. */
import { html } from 'lit';
import type { Job, JobKind } from '../../../server/contract.ts';
import { ApiError, asApiError } from '../../api-error.ts';
import type { Ordering } from '../../ordering.ts';
import { drawPreview, drawStage } from '../../parts/canvas.ts';
import { Framing, placeText } from '../../parts/framing.ts';
import { BatchOrder } from '../batch/batch-order.ts';
import { Gallery } from '../gallery/gallery.ts';
import type { Mode, ModeHost } from '../mode.ts';
import { KindDraft, needsPicture, withPicture } from './kind-draft.ts';
import { kindForm, reasonAgainst, takesPicture } from './kind-form.ts';

/** The mode of one kind. */
export class KindMode implements Mode {
  readonly #host: ModeHost;
  readonly #kind: JobKind;
  readonly #draft: KindDraft;
  readonly #ordering: Ordering;
  readonly #gallery: Gallery;
  readonly #framing: Framing;
  readonly #batch: BatchOrder;
  #fault: ApiError | undefined;
  #isOpen = false;
  #isFraming = false;
  #drawnStage: HTMLCanvasElement | null = null;
  #wantsTop = false;

  constructor(host: ModeHost, kind: JobKind) {
    this.#host = host;
    this.#kind = kind;
    this.#draft = new KindDraft({
      presets: (hasPicture) => host.presetsOf(hasPicture ? withPicture(kind) : kind),
      changed: () => host.requestUpdate(),
    });
    this.#framing = new Framing({
      draft: this.#draft.framing,
      say: () => host.say(placeText({ texts: host.common }, this.#draft.framing)),
    });
    this.#batch = new BatchOrder({
      host,
      kind,
      draft: this.#draft,
      created: () => this.#onCreated(),
      failed: (fault) => this.#fail(fault),
    });
    this.#gallery = new Gallery({ host, filter: { kind }, emptyText: () => host.texts.kinds[kind].empty });
    this.#ordering = host.ordering(kind, {
      changed: () => this.#onStep(),
      created: (job) => this.#onCreated(job),
      failed: (fault) => this.#fail(this.#ordering.step === 'unanswered' ? undefined : fault),
    });
  }

  render() {
    this.#draft.settle();
    this.#batch.settle();
    return html`<div class="kind">
      <div class="gallery-top" tabindex="-1"></div>
      ${this.#gallery.render()}
      ${kindForm({
        host: this.#host,
        kind: this.#kind,
        draft: this.#draft,
        ordering: this.#ordering,
        framing: this.#framing,
        batch: this.#batch,
        fault: this.#fault,
        isOpen: this.#isOpen,
        isFraming: this.#isFraming,
        toggle: (part) => this.#toggle(part),
        send: () => this.#send(),
        pick: (files) => this.pick(files),
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
    if (this.#wantsTop) this.#goToTop(root);
    this.#wantsTop = false;
    this.#batch.moveFocus(root);
  }

  /** Shows the new card, and takes the focus there from a button that is off again. */
  #goToTop(root: HTMLElement): void {
    const top = root.querySelector<HTMLElement>('.gallery-top')!;
    top.scrollIntoView({ block: 'nearest' });
    if (root.querySelector('.kind-form :focus')) top.focus({ preventScroll: true });
  }

  get takesPictures(): boolean {
    const isFree = this.#ordering.step === 'idle' && this.#batch.takesPictures;
    return isFree && this.#draft.preset !== undefined && takesPicture(this.#host, this.#kind);
  }

  pick(files: readonly File[]): void {
    const takesMany = needsPicture(this.#kind) && files.length > 1;
    if (takesMany || this.#batch.isOpen) this.#batch.add(files);
    else void this.#pick(files);
  }

  dispose(): void {
    this.#gallery.dispose();
    this.#batch.dispose();
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
    this.#fault = undefined;
    if (this.#batch.isOpen) return this.#batch.next();
    if (!preset || reasonAgainst({ host: this.#host, kind: this.#kind, draft: this.#draft }))
      return this.#host.requestUpdate();
    void this.#ordering.place(this.#draft);
  }

  /** After a reload the order that is sent again brings its words back, in case it is refused. */
  #onStep(): void {
    const { order, step } = this.#ordering;
    if (step === 'creating') this.#fault = undefined;
    if (step === 'creating' && order && this.#draft.prompt === '') this.#draft.restore(order.body);
    this.#host.requestUpdate();
  }

  /** What is made from a photo that was added to a form for words stands in another gallery. */
  #onCreated(job?: Job): void {
    this.#draft.prompt = '';
    this.#wantsTop = true;
    this.#isFraming = false;
    this.#isOpen = false;
    const { texts, common } = this.#host;
    if (job && job.kind !== this.#kind) {
      this.#host.notify({ kind: 'info', text: texts.orderedElsewhere(common.modes[job.kind]) });
    } else this.#host.say(texts.ordered);
  }

  #fail(fault: ApiError | undefined): void {
    this.#fault = fault;
    this.#host.requestUpdate();
  }
}
