/** The widget as the modes see it: one seller, one element. */
import type { Batch, CreateBatch, Job, JobKind, Preset, Session } from '../../server/contract.ts';
import { asApiError, type AnyCode, type Facts } from '../api-error.ts';
import { emit } from '../events.ts';
import { errorText, type Texts } from '../i18n/i18n.ts';
import type { CoverHost, JobController } from '../job-controller.ts';
import { mergeJob } from '../job-state.ts';
import { Ordering, type OrderingApi, type OrderingCallbacks } from '../ordering.ts';
import { textOf } from '../parts/toast.ts';
import { PendingOrderStore } from '../pending-order.ts';
import { ModeApi } from './api.ts';
import type { ModeTexts } from './i18n/i18n.ts';
import type { JobNews, ModeHost } from './mode.ts';

interface Setup {
  cover: JobController;
  element: CoverHost;
  requestUpdate: () => void;
}

/** One for all modes of a seller. */
export class Hosting implements ModeHost {
  readonly api: ModeApi;
  readonly requestUpdate: () => void;
  texts!: ModeTexts;
  readonly #cover: JobController;
  readonly #element: CoverHost;
  readonly #life = new AbortController();
  readonly #listeners = new Set<(news: JobNews) => void>();
  readonly #orderings: Pick<Ordering, 'stop' | 'retry'>[] = [];

  constructor({ cover, element, requestUpdate }: Setup) {
    this.#cover = cover;
    this.#element = element;
    this.requestUpdate = requestUpdate;
    this.api = new ModeApi(cover.api);
    window.addEventListener('online', () => this.#orderings.forEach((ordering) => ordering.retry()), {
      signal: this.signal,
    });
  }

  /** Whether the texts have come; nothing is drawn before. */
  get isReady(): boolean {
    return this.texts !== undefined && this.#element.texts !== undefined;
  }

  get session(): Session {
    return this.#cover.session!;
  }

  get balance(): number {
    return this.#cover.balance;
  }

  get language(): string {
    return this.#element.language;
  }

  get common(): Texts {
    return this.#element.texts!;
  }

  get notice(): { kind: 'error' | 'info'; text: string } | undefined {
    const { notice } = this.#cover;
    return notice && { kind: notice.kind, text: textOf({ texts: this.common }, notice) };
  }

  get signal(): AbortSignal {
    return this.#life.signal;
  }

  presetsOf(kind: JobKind): Preset[] {
    const all = this.session.presets.filter((preset) => preset.kind === kind);
    const ids = this.#element.presets?.split(/\s+/) ?? [];
    const named = ids.flatMap((id) => all.find((preset) => preset.id === id) ?? []);
    return named.length > 0 ? named : all;
  }

  onJob(listener: (news: JobNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For the file's own use: passes news on to the modes. */
  tell(news: JobNews): void {
    for (const listener of this.#listeners) listener(news);
  }

  newest(job: Job): Job {
    const known = this.#cover.jobs.find((other) => other.id === job.id);
    return known ? mergeJob(known, job) : job;
  }

  accepted(job: Job, balance: number): void {
    this.#cover.accept(job, balance);
  }

  ordering(form: string, on: Parameters<ModeHost['ordering']>[1]): Ordering {
    const created = (job: Job, balance: number) => {
      this.accepted(job, balance);
      on.created?.(job, balance);
    };
    return this.#orderingOf(form, { ...on, created }, this.#cover.api);
  }

  batchOrdering(form: string, on: OrderingCallbacks<Batch>): Ordering<CreateBatch, Batch> {
    const { api } = this;
    const created = (batch: Batch, balance: number) => {
      batch.items.forEach(({ job }) => job && this.accepted(job, balance));
      on.created(batch, balance);
    };
    return this.#orderingOf<CreateBatch, Batch>(
      form,
      { ...on, created },
      {
        upload: (file, progress) => api.upload(file, progress),
        async createJob(order, signal) {
          const batch = await api.createBatch(order, signal);
          return { job: batch, balance: batch.balance };
        },
      },
    );
  }

  #orderingOf<Body, Made>(
    form: string,
    on: Omit<OrderingCallbacks<Made>, 'failed'> & Partial<OrderingCallbacks<Made>>,
    sender: OrderingApi<Body, Made>,
  ): Ordering<Body, Made> {
    const ordering = new Ordering<Body, Made>({
      changed: on.changed,
      created: on.created,
      failed: (fault) => {
        if (!on.failed) return this.report(fault);
        emit(this.#element, 'cover-error', { code: fault.code, facts: fault.facts });
        on.failed(fault);
      },
    });
    const { site, user } = this.session;
    const { server } = this.#cover.api;
    const store = new PendingOrderStore<Body>({ server, siteId: site.id, userId: user.id, form });
    this.#orderings.push(ordering);
    queueMicrotask(() => this.signal.aborted || ordering.start(sender, store));
    return ordering;
  }

  report(fault: unknown): void {
    if (!this.signal.aborted) this.#cover.report(fault, this.#ownText(asApiError(fault).code));
  }

  notify({ kind, text }: { kind: 'error' | 'info'; text: string }): void {
    this.#cover.notify({ kind, code: 'chosen', text });
  }

  say(text: string): void {
    this.#cover.spoken = text;
    this.#cover.changed();
  }

  get spoken(): string {
    return this.#cover.spoken;
  }

  errorText(code: AnyCode, facts?: Facts): string {
    return this.#ownText(code) ?? errorText(this.common, code, facts);
  }

  #ownText(code: AnyCode): string | undefined {
    const own: Partial<Record<string, string>> = this.texts.errors;
    return own[code];
  }

  refreshJob(id: string): Promise<Job | undefined> {
    return this.#cover.refreshMedia(id);
  }

  hasFreshLinks(id: string): boolean {
    return this.#cover.isFresh(id);
  }

  remove(id: string): Promise<boolean> {
    return this.#cover.remove(id);
  }

  cancel(id: string): Promise<boolean> {
    return this.#cover.cancel(id);
  }

  choose(job: Job): void {
    if (job.video && emit(this.#element, 'cover-chosen', { job, ...job.video })) {
      this.#cover.notify({ kind: 'info', code: 'chosen' });
    }
  }

  dispose(): void {
    this.#life.abort();
    this.#listeners.clear();
    this.#orderings.forEach((ordering) => ordering.stop());
  }
}
