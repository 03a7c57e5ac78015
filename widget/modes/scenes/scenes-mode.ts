/** Mode `scenes`: a product's words and picture become three ideas, and the chosen ones become clips of one group. */
import { html, nothing } from 'lit';
import type { Group } from '../../../server/contract.ts';
import { ApiError, asApiError } from '../../api-error.ts';
import { drawPreview, drawStage } from '../../parts/canvas.ts';
import { Framing, placeText } from '../../parts/framing.ts';
import { Gallery } from '../gallery/gallery.ts';
import type { Mode, ModeHost } from '../mode.ts';
import { Product } from './product.ts';
import { productForm } from './product-form.ts';
import { sceneCard } from './scene-card.ts';

const askTimeoutMs = 20_000;

/** Asks for ideas once at a time; a changed product ends the question. */
export class ScenesMode implements Mode {
  readonly #host: ModeHost;
  readonly #product: Product;
  readonly #framing: Framing;
  readonly #galleries = new Map<string, Gallery>();
  #asking: AbortController | undefined;
  #fault: ApiError | undefined;
  #isFraming = false;
  #drawnStage: HTMLCanvasElement | null = null;
  #groups: Group[] = [];

  constructor(host: ModeHost) {
    this.#host = host;
    this.#product = new Product(host);
    this.#framing = new Framing({
      draft: this.#product.framing,
      say: () => host.say(placeText({ texts: host.common }, this.#product.framing)),
    });
    host.onJob((news) => this.#product.slots.forEach((slot) => slot.hear(news)));
    void this.#product.restore().catch((fault: unknown) => host.report(fault));
    void this.#readGroups();
  }

  render() {
    this.#product.settle();
    const { texts } = this.#host;
    if (!this.#product.preset) return html`<p class="empty hint">${texts.noPreset}</p>`;
    return html`<div class="scenes">
      ${productForm({
        host: this.#host,
        product: this.#product,
        framing: this.#framing,
        isFraming: this.#isFraming,
        isAsking: this.#asking !== undefined,
        fault: this.#fault,
        toggleFraming: () => this.#toggleFraming(),
        ask: () => void this.#ask(),
        startAnew: () => this.#startAnew(),
      })}
      ${this.#asking ? skeletons : this.#product.hasScenes ? this.#cards() : nothing} ${this.#earlier()}
    </div>`;
  }

  drawn(root: HTMLElement): void {
    const { framing } = this.#product;
    const preview = root.querySelector<HTMLCanvasElement>('.sent-picture');
    const stage = root.querySelector<HTMLCanvasElement>('.stage-picture');
    if (preview && framing.picture) drawPreview(preview, framing);
    if (stage && stage !== this.#drawnStage && framing.picture) drawStage(stage, framing);
    this.#drawnStage = stage;
  }

  get takesPictures(): boolean {
    return !this.#product.isOrdered;
  }

  pick(files: readonly File[]): void {
    void this.#pick(files);
  }

  dispose(): void {
    this.#asking?.abort();
    this.#product.framing.clear();
    for (const gallery of this.#galleries.values()) gallery.dispose();
  }

  async #pick(files: readonly File[]): Promise<void> {
    this.#fault = undefined;
    try {
      if (files.length !== 1) throw new ApiError('one_picture');
      await this.#product.pick(files[0]!, this.#host.session);
      this.#drawnStage = null;
    } catch (fault) {
      this.#fault = asApiError(fault);
    }
    this.#host.requestUpdate();
  }

  #toggleFraming(): void {
    this.#isFraming = !this.#isFraming;
    this.#host.requestUpdate();
  }

  async #ask(): Promise<void> {
    const { name, description } = this.#product;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    this.#fault = undefined;
    this.#host.requestUpdate();
    try {
      const request = { productName: name.trim(), description: description.trim(), locale: this.#host.language };
      const signal = AbortSignal.any([this.#host.signal, asking.signal, AbortSignal.timeout(askTimeoutMs)]);
      const { scenes, source } = await this.#host.api.scenes(request, signal);
      this.#product.takeScenes(scenes, source === 'default');
      this.#host.say(this.#host.texts.scenes.arrived);
    } catch (fault) {
      if (!asking.signal.aborted) this.#fault = asApiError(fault);
    }
    if (this.#asking === asking) this.#asking = undefined;
    this.#host.requestUpdate();
  }

  /** The first order brings the picture; the others follow together and take it from there. */
  async #order(): Promise<void> {
    const [first, ...others] = this.#product.chosen;
    await first!.place();
    if (!first!.job && this.#product.framing.picture && !this.#product.framing.picture.upload) return;
    await Promise.all(others.map((slot) => slot.place()));
    void this.#readGroups();
  }

  #startAnew(): void {
    this.#product.clear();
    this.#isFraming = false;
    void this.#readGroups();
  }

  async #readGroups(): Promise<void> {
    try {
      this.#groups = (await this.#host.api.groups({ limit: 20, signal: this.#host.signal })).items;
      this.#host.requestUpdate();
    } catch {
      // The list of earlier products is an extra; the rest works without it.
    }
  }

  #cards() {
    const { texts } = this.#host;
    return html`<fieldset class="scene-list">
      <legend>${this.#product.isOrdered ? texts.scenes.yours : texts.scenes.choose}</legend>
      ${this.#product.isDefault ? html`<p class="hint">${texts.scenes.defaults}</p>` : nothing}
      <div class="scene-cards">
        ${this.#product.slots.map((slot) => sceneCard({ host: this.#host, product: this.#product, slot }))}
      </div>
      ${this.#buy()}
    </fieldset>`;
  }

  /** One button for all that is chosen, with the price of all of it. */
  #buy() {
    const { texts, common, balance } = this.#host;
    const { chosen, preset } = this.#product;
    const total = chosen.length * preset!.tokensCost;
    const isBusy = this.#product.slots.some((slot) => slot.isBusy);
    const against = isBusy ? undefined : this.#reasonAgainst(total);
    if (chosen.length === 0 && this.#product.isOrdered) return nothing;
    return html`<div class="scene-buy">
      <button
        type="button"
        class="button primary"
        part="generate"
        ?disabled=${against !== undefined}
        aria-disabled=${isBusy}
        aria-busy=${isBusy}
        aria-describedby="scenes-against"
        @click=${() => isBusy || void this.#order()}
      >
        <span>${isBusy ? texts.sending : texts.scenes.order(chosen.length)}</span>
        ${chosen.length > 0 ? html`<span class="price">${common.tokens(total)}</span>` : nothing}
      </button>
      <p class="hint centre" id="scenes-against">${against ?? common.balance(balance)}</p>
    </div>`;
  }

  #reasonAgainst(total: number): string | undefined {
    const { texts, common, balance } = this.#host;
    const { chosen, framing, slots, preset } = this.#product;
    if (chosen.length === 0) return texts.scenes.chooseFirst;
    if (!framing.picture && !slots.some(({ job }) => job)) return texts.addPictureFirst;
    const { minFrameWidth, minFrameHeight } = preset!.limits;
    if (framing.picture && framing.isTooSmall) return texts.pictureTooSmall(minFrameWidth, minFrameHeight);
    return balance < total ? common.notEnough(total - balance) : undefined;
  }

  /** Products of other days; each opens to its own clips. */
  #earlier() {
    const { texts } = this.#host;
    const others = this.#groups.filter(({ id }) => id !== this.#product.groupId || !this.#product.hasScenes);
    if (others.length === 0) return nothing;
    return html`<section class="earlier" aria-labelledby="earlier-title">
      <h3 id="earlier-title">${texts.scenes.earlier}</h3>
      ${others.map(
        ({ id, name, jobs }) =>
          html`<details @toggle=${(event: Event) => this.#openGroup(id, event.target as HTMLDetailsElement)}>
            <summary>${name} <span class="hint">${texts.scenes.count(jobs)}</span></summary>
            ${this.#galleries.get(id)?.render() ?? nothing}
          </details>`,
      )}
    </section>`;
  }

  #openGroup(groupId: string, { open }: HTMLDetailsElement): void {
    if (!open || this.#galleries.has(groupId)) return;
    const emptyText = () => this.#host.texts.scenes.none;
    this.#galleries.set(groupId, new Gallery({ host: this.#host, filter: { groupId }, emptyText }));
    this.#host.requestUpdate();
  }
}

const skeletons = html`<div class="scene-cards skeleton" aria-hidden="true">
  <div class="bone"></div>
  <div class="bone"></div>
  <div class="bone"></div>
</div>`;
