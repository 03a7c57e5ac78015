import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { clamp } from './frame-geometry.ts';
import { firstPreset } from './preset-choice.ts';
import { addedTo, addTexts, languageOf, textsFor, type AddedTexts, type Texts } from './i18n/i18n.ts';
import { counted } from './i18n/plural.ts';
import { JobController, type CoverHost } from './job-controller.ts';
import { modeList, type ModeName } from './mode-list.ts';
import { ModeSlot } from './mode-slot.ts';
import { drawPreview, drawStage } from './parts/canvas.ts';
import { failedPanel } from './parts/failed.ts';
import { Framing, placeText } from './parts/framing.ts';
import { generatePanel } from './parts/generate.ts';
import { History } from './parts/history.ts';
import { icon } from './parts/icon.ts';
import { donePanel, isPlayable, player } from './parts/player.ts';
import { detailOf, progressPanel, stageText, stepOf } from './parts/progress.ts';
import { broken, skeleton } from './parts/states.ts';
import { modeTitle, tabs } from './parts/tabs.ts';
import { Toast } from './parts/toast.ts';
import { carriesFiles, filePicker, filesIn, uploadZone } from './parts/upload-zone.ts';
import type { View } from './parts/view.ts';
import { coverSheet } from './styles.ts';

const defaultHistorySize = 10;
/** The longest page the server gives. */
const longestHistory = 100;

/**
 * `<kling-video-cover>`: one product picture becomes a video cover.
 *
 * Attributes, properties, events, parts and custom properties are listed in face.ts, which a test compares with this
 * class; their names are a promise to host pages.
 */
export class KlingVideoCover extends LitElement implements CoverHost {
  static override properties = {
    server: {},
    tokenUrl: { attribute: 'token-url' },
    getToken: { attribute: false },
    preset: {},
    presets: {},
    modes: {},
    lang: { reflect: true },
    theme: { reflect: true },
    history: { type: Number },
  };
  /** Set by the script that defines the tag. */
  static defaultServer = '';
  static counted = counted;
  static readonly #connected = new Set<KlingVideoCover>();

  static addTexts(language: string, added: AddedTexts): void {
    const used = globalThis.customElements?.get('kling-video-cover') as typeof KlingVideoCover | undefined;
    // Of two copies of the script the first has defined the tag.
    if (used && used !== KlingVideoCover) return used.addTexts(language, added);
    addTexts(language, added);
    KlingVideoCover.#connected.forEach((each) => each.requestUpdate());
  }

  declare server: string;
  declare tokenUrl: string | null | undefined;
  declare getToken: (() => Promise<string>) | undefined;
  declare preset: string | null | undefined;
  declare presets: string | null | undefined;
  declare modes: string | null | undefined;
  declare theme: string | null | undefined;
  declare history: number | null | undefined;

  readonly #cover = new JobController(this);
  readonly #framing = new Framing({
    draft: this.#cover.draft,
    say: (view) => (this.#cover.spoken = placeText(view, this.#cover.draft)),
  });
  readonly #history = new History(() => this.requestUpdate());
  readonly #toast = new Toast(this.#cover);
  readonly #slot = new ModeSlot(this.#cover);
  #chosenMode: ModeName | undefined;
  #language: string | undefined;
  /** In the language in use. */
  texts: Texts | undefined;
  #stage: string | undefined;
  #drawnPicture: unknown;

  /** Base URL in use. */
  get serverUrl(): string {
    return new URL(this.server || KlingVideoCover.defaultServer || '/', this.baseURI).href;
  }

  /** How many history cards are wanted, 0 to 100. */
  get historySize(): number {
    if (!this.#modes.includes('cover')) return 0;
    const size = Math.trunc(this.history ?? NaN);
    return Number.isNaN(size) ? defaultHistorySize : clamp(size, 0, longestHistory);
  }

  get #modes(): ModeName[] {
    return modeList(this.modes);
  }

  /** The seller's choice as long as the attribute has it, else the first. */
  get #mode(): ModeName {
    const modes = this.#modes;
    return modes.find((mode) => mode === this.#chosenMode) ?? modes[0]!;
  }

  get takesAllKinds(): boolean {
    return this.#modes.some((mode) => mode !== 'cover');
  }

  get language(): string {
    return languageOf(this);
  }

  get added() {
    return addedTo(this.language);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    KlingVideoCover.#connected.add(this);
    document.addEventListener('paste', this.#onPaste);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    KlingVideoCover.#connected.delete(this);
    document.removeEventListener('paste', this.#onPaste);
  }

  protected override createRenderRoot() {
    const root = super.createRenderRoot() as ShadowRoot;
    root.adoptedStyleSheets = [coverSheet()];
    return root;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { language } = this;
    const isNewLanguage = language !== this.#language;
    this.#language = language;
    if (!this.hasUpdated) return this.#cover.restart();
    const wasUnset = changed.has('getToken') && changed.get('getToken') === undefined;
    if (changed.has('server') || changed.has('tokenUrl') || wasUnset) this.#cover.restart();
    if (isNewLanguage) void this.#cover.refreshSession();
    if (changed.has('history') || changed.has('modes')) void this.#cover.loadHistory();
    this.#choosePreset(changed.has('preset') || changed.has('presets'));
  }

  /** Keeps the seller's own choice until an attribute says otherwise or the preset is gone. */
  #choosePreset(isAsked = false): void {
    const { session, draft } = this.#cover;
    if (!session) return;
    const kept = isAsked ? undefined : session.presets.find((preset) => preset.id === draft.preset?.id);
    const preset = kept ?? firstPreset(session, this);
    if (preset !== draft.preset) draft.choosePreset(preset);
  }

  protected override render() {
    const { language } = this;
    this.texts = textsFor(language, () => this.requestUpdate()) ?? this.texts;
    if (!this.texts) return nothing;
    const view: View = { texts: this.texts, language, cover: this.#cover };
    this.#speak(view);
    const isReady = this.#cover.phase === 'ready';
    const modes = this.#modes;
    const shown = this.#mode;
    const title = modeTitle(view, shown);
    return html`<section
      class="panel"
      part="panel"
      tabindex="-1"
      lang=${language}
      aria-label=${title}
      aria-busy=${this.#cover.phase === 'loading'}
      @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && this.#cover.dismiss()}
      @dragover=${this.#onDragOver}
      @dragleave=${this.#onDragLeave}
      @drop=${this.#onDrop}
    >
      <header>
        <h2>${icon('video')}${title}</h2>
        <span class=${isReady ? 'balance' : 'awaited'} part="balance"
          >${view.texts.balance(isReady ? this.#cover.balance : 100)}</span
        >
      </header>
      ${tabs(view, { modes, shown, choose: (mode) => this.#showMode(mode) })}
      <div
        id="mode-panel"
        role=${modes.length > 1 ? 'tabpanel' : nothing}
        aria-labelledby=${modes.length > 1 ? `tab-${shown}` : nothing}
      >
        ${this.#renderBody(view)}
      </div>
      ${filePicker(view, (files) => this.#pick(files))} ${this.#toast.render(view)}
      <div class="sr-only" role="status">${this.#cover.spoken}</div>
    </section>`;
  }

  #renderBody(view: View) {
    if (this.#cover.phase === 'loading') return html`${skeleton(view)}${this.#history.render(view, this.historySize)}`;
    const { problem } = this.#cover;
    if (problem) return broken(view, problem.code, () => this.#cover.restart(), problem.facts);
    if (this.#mode !== 'cover') return this.#slot.render(view);
    const [left, right] = this.#columns(view);
    return html`<div class="body">
        <div class="left">${left}</div>
        <div class="right">${right}</div>
      </div>
      ${this.#history.render(view, this.historySize)}`;
  }

  #showMode(mode: ModeName): void {
    this.#chosenMode = mode;
    this.requestUpdate();
  }

  #columns(view: View) {
    const { current, draft, ordering } = this.#cover;
    const isOrdering = ordering.step !== 'idle';
    const step = stepOf(view);
    if (!isOrdering && isPlayable(current)) return [player(view, current), donePanel(view, current)];
    if (step) return [waitingPicture(view), progressPanel(view)];
    if (current) return [waitingPicture(view), failedPanel(view, current)];
    const left = draft.picture ? this.#framing.render(view) : uploadZone(view);
    return [left, generatePanel(view, this.presets)];
  }

  /** Each stage is said once; percentages and moves within the queue are for the eye. */
  #speak(view: View): void {
    const job = this.#cover.current!;
    const step = stepOf(view);
    const isWaiting = step === 'generating';
    const stage = isWaiting ? stageText(view, job) : step;
    if (stage === this.#stage) return;
    this.#stage = stage;
    this.#cover.spoken = isWaiting ? detailOf(view, job) : step ? view.texts.steps[step] : '';
  }

  protected override updated(): void {
    this.#draw();
    const mode = this.#mode;
    if (mode !== 'cover') this.#slot.draw(this.renderRoot, mode);
    this.#moveFocus();
  }

  #draw(): void {
    const { draft } = this.#cover;
    const stage = this.renderRoot.querySelector<HTMLCanvasElement>('.stage-picture');
    const preview = this.renderRoot.querySelector<HTMLCanvasElement>('.preview-picture');
    if (stage && draft.picture && stage !== this.#drawnPicture) drawStage(stage, draft);
    if (preview && draft.picture) drawPreview(preview, draft);
    this.#drawnPicture = stage;
  }

  /** A control that vanishes while it is focused would drop the focus on the page's body. */
  #moveFocus(): void {
    const root = this.renderRoot as ShadowRoot;
    if (!this.#hadFocus || root.activeElement) return;
    const find = (selector: string) => root.querySelector<HTMLElement>(selector);
    (find('.keep') ?? find('[data-focus]') ?? find('.panel')!).focus({ preventScroll: true });
  }

  #hadFocus = false;

  protected override update(changed: PropertyValues): void {
    this.#hadFocus = this.shadowRoot?.activeElement != null;
    super.update(changed);
  }

  /** Pictures are taken while nothing is under way; during an order they would change what the seller is paying for. */
  get #takesPictures(): boolean {
    if (this.#mode !== 'cover') return this.#cover.modes?.takesPictures ?? false;
    return this.#cover.phase === 'ready' && this.#cover.ordering.step === 'idle';
  }

  /**
   * Takes a picture that the host page already has, as if the seller had picked it, once the widget is ready; ignored while
   * an order is under way.
   */
  pickFile(file: File): void {
    if (this.#cover.session) this.#pick([file]);
    else this.addEventListener('cover-ready', () => this.pickFile(file), { once: true });
  }

  #pick(files: readonly File[]): void {
    if (!this.#takesPictures) return;
    if (this.#mode === 'cover') void this.#cover.pick(files);
    else this.#cover.modes!.pick(files);
  }

  /** Takes what is pasted while the focus is inside, or nowhere and the pointer inside; never what a field takes. */
  readonly #onPaste = (event: ClipboardEvent) => {
    const [target, ...around] = event.composedPath() as Element[];
    const files = filesIn(event.clipboardData);
    const isText = target!.localName === 'textarea' && event.clipboardData?.types.includes('text/plain');
    const isHere = around.includes(this) || (target === document.body && this.matches(':hover'));
    if (files.length === 0 || !isHere || isText || event.defaultPrevented || !this.#takesPictures) return;
    event.preventDefault();
    this.#pick(files);
  };

  readonly #onDragOver = (event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer!.dropEffect = this.#takesPictures ? 'copy' : 'none';
    markOver(event, this.#takesPictures);
  };

  readonly #onDragLeave = (event: DragEvent) => {
    const panel = event.currentTarget as HTMLElement;
    if (!panel.contains(event.relatedTarget as Node | null)) markOver(event, false);
  };

  readonly #onDrop = (event: DragEvent) => {
    markOver(event, false);
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    this.#pick(filesIn(event.dataTransfer));
  };
}

const markOver = ({ currentTarget }: Event, isOver: boolean) =>
  (currentTarget as Element).classList.toggle('over', isOver);

/** The picture of the order: what was framed here, or, after a reload, the server's copy of the source. */
function waitingPicture({ texts, cover }: View) {
  const job = cover.ordering.step === 'idle' ? cover.current : undefined;
  const isDrawn = cover.draft.picture && (!job || cover.draft.picture.jobId === job.id);
  return html`<div class="shape">
    ${
      isDrawn
        ? html`<canvas class="preview-picture" role="img" aria-label=${texts.preview}></canvas>`
        : job?.source
          ? html`<img src=${job.source.url} alt=${texts.preview} @error=${() => cover.refreshMedia(job.id)} />`
          : icon('picture')
    }
  </div>`;
}
