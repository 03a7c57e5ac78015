/** One order for many photos: upload, price, order within a budget, and what became of each. */
import type { Batch, CreateBatch, Job, JobKind } from '../../../server/contract.ts';
import { ApiError, asApiError } from '../../api-error.ts';
import { mergeJob } from '../../job-state.ts';
import { newKey } from '../../pending-order.ts';
import type { Ordering } from '../../ordering.ts';
import type { KindDraft } from '../kinds/kind-draft.ts';
import type { JobNews, ModeHost } from '../mode.ts';
import { Photos, type Photo } from './photos.ts';
import { progressLine } from './progress-line.ts';

/** The price is asked anew when the seller has changed nothing for this long. */
const settledMs = 300;

/** One photo of an order that was answered: its job, or why there is none. */
export interface Placed {
  /** Of the file; undefined after a reload. */
  name: string | undefined;
  job: Job | undefined;
  fault: ApiError | undefined;
}

interface Setup {
  host: ModeHost;
  kind: JobKind;
  /** The words and choices that all have in common. */
  draft: KindDraft;
  created: () => void;
  /** Undefined: an earlier fault is over. */
  failed: (fault: ApiError | undefined) => void;
}

/** One a mode. Open from the first photo to the seller's "close". */
export class BatchOrder {
  readonly draft: KindDraft;
  readonly photos: Photos;
  readonly ordering: Ordering<CreateBatch, Batch>;
  /** What the server said it would cost; undefined while that is not known. */
  quote: Pick<Batch, 'total' | 'count'> | undefined;
  hasNoPrice = false;
  /** The preset has no words of its own. */
  needsWords = false;
  /** Undefined until there is an answer to the order. */
  placed: Placed[] | undefined;
  readonly #host: ModeHost;
  readonly #on: Pick<Setup, 'created' | 'failed'>;
  #limit: string | undefined;
  #asked = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #names: string[] = [];
  #wantsFocus = false;

  constructor({ host, kind, draft, created, failed }: Setup) {
    this.#host = host;
    this.#on = { created, failed };
    this.draft = draft;
    this.photos = new Photos(host);
    this.ordering = host.batchOrdering(`batch-${kind}`, {
      changed: () => host.requestUpdate(),
      created: (batch) => this.#onCreated(batch),
      failed,
    });
    host.onJob((news) => this.#hear(news));
  }

  get isOpen(): boolean {
    return this.photos.all.length > 0 || this.ordering.step !== 'idle' || this.placed !== undefined;
  }

  get takesPictures(): boolean {
    return this.ordering.step === 'idle' && !this.photos.isUploading && !this.placed;
  }

  get usable(): Photo[] {
    const { preset } = this.draft.framing;
    return preset ? this.photos.usable(preset) : [];
  }

  /** Whether all that can be ordered has been uploaded. */
  get isUploaded(): boolean {
    const { usable } = this;
    return usable.length > 0 && usable.every(({ upload }) => upload);
  }

  /** What the seller allows to be spent, as typed; the whole price at first. */
  get limit(): string {
    return this.#limit ?? String(this.quote?.total ?? '');
  }

  set limit(text: string) {
    this.#limit = text;
    this.#host.requestUpdate();
  }

  /** Whole tokens; NaN for anything else. */
  get budget(): number {
    return /^\d+$/.test(this.limit.trim()) ? Number(this.limit) : NaN;
  }

  /** How many photos the budget and the balance pay for, and how much that is. */
  get within(): { count: number; tokens: number } {
    const { total, count } = this.quote!;
    const price = total / count;
    const affordable = price > 0 ? Math.floor(Math.min(this.budget, this.#host.balance) / price) : count;
    const within = Math.min(count, affordable || 0);
    return { count: within, tokens: within * price };
  }

  add(files: readonly File[]): void {
    this.#wantsFocus ||= !this.isOpen;
    void this.photos.add(files);
  }

  /** Gives the photos up; jobs that were made go on. */
  close(): void {
    this.photos.clear();
    this.placed = this.quote = this.#limit = undefined;
    this.#asked = '';
    this.#host.requestUpdate();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.photos.cancel();
  }

  /** The next step: upload what is not there yet, else order what is within the budget. */
  next(): void {
    if (!this.takesPictures || this.photos.isReading) return;
    if (!this.isUploaded) void this.#upload();
    else if (this.quote && this.within.count > 0) this.#place();
  }

  /** Before each drawing: what was changed has another price. */
  settle(): void {
    if (!this.takesPictures || !this.isUploaded) return;
    const wish = JSON.stringify(this.#body());
    if (wish === this.#asked) return;
    this.#asked = wish;
    this.quote = undefined;
    this.hasNoPrice = this.needsWords = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.askPrice(), settledMs);
  }

  /** After each drawing: where the seller's control has gone the heading takes the focus. */
  moveFocus(root: HTMLElement): void {
    const isFree = document.activeElement === document.body && !(root.getRootNode() as ShadowRoot).activeElement;
    if (this.#wantsFocus && isFree) root.querySelector<HTMLElement>('.batch-title')?.focus({ preventScroll: true });
    this.#wantsFocus = false;
  }

  /** The dry run. Without words a preset may have its own; where it has none the server's refusal means that. */
  async askPrice(): Promise<void> {
    const body = this.#body();
    const wish = (this.#asked = JSON.stringify(body));
    this.hasNoPrice = this.needsWords = false;
    this.#on.failed(undefined);
    try {
      const quote = await this.#host.api.createBatch(
        { key: newKey(), body: { ...body, dryRun: true } },
        this.#host.signal,
      );
      if (wish === this.#asked) this.#takeQuote(quote);
    } catch (thrown) {
      if (wish === this.#asked) this.#onNoPrice(asApiError(thrown));
    }
    this.#host.requestUpdate();
  }

  #takeQuote(quote: Batch): void {
    this.quote = quote;
    const { texts, common } = this.#host;
    this.#host.say(texts.batch.total(quote.count, common.tokens(quote.total)));
  }

  #onNoPrice(fault: ApiError): void {
    this.needsWords = fault.code === 'invalid_request' && this.draft.prompt.trim() === '';
    this.hasNoPrice = !this.needsWords;
    if (this.hasNoPrice) this.#on.failed(fault);
  }

  #body(): CreateBatch {
    const { prompt, ...common } = this.draft.order(undefined);
    const items = this.usable.map(({ upload }) => ({ uploadId: upload!.id }));
    return { ...common, ...(prompt && { prompt }), items };
  }

  async #upload(): Promise<void> {
    try {
      await this.photos.upload(this.usable);
      this.#wantsFocus = true;
      if (this.isUploaded) this.#host.say(this.#host.texts.batch.uploaded);
    } catch (fault) {
      this.#on.failed(asApiError(fault));
    }
  }

  #place(): void {
    this.#names = this.usable.map(({ file }) => file.name);
    const body = { ...this.#body(), budget: this.budget };
    void this.ordering.place({ picture: undefined, confirmSize: () => true, order: () => body });
  }

  #onCreated({ items }: Batch): void {
    this.placed = items.map(({ job, error }, at) => ({
      name: this.#names[at],
      job,
      fault: error && new ApiError(error.code, { facts: error }),
    }));
    this.#wantsFocus = this.#names.length > 0;
    this.photos.clear();
    this.#on.created();
  }

  #hear(news: JobNews): void {
    if (!this.placed?.some(({ job }) => job?.id === news.id)) return;
    this.placed = news.isGone
      ? this.placed.filter(({ job }) => job?.id !== news.id)
      : this.placed.map((each) => (each.job?.id === news.id ? { ...each, job: mergeJob(each.job, news.job) } : each));
    this.#host.say(progressLine(this.#host, this.placed));
  }
}
