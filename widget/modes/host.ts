/** The widget as the modes see it: one seller, one element. */
import { html } from 'lit';
import type { Job, JobKind, Preset, Session } from '../../server/contract.ts';
import { asApiError, type AnyCode, type Facts } from '../api-error.ts';
import { emit } from '../events.ts';
import { errorText, type Language, type Texts } from '../i18n/i18n.ts';
import type { CoverHost, JobController } from '../job-controller.ts';
import { mergeJob } from '../job-state.ts';
import { Ordering } from '../ordering.ts';
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
  readonly #orderings: Ordering[] = [];
  #spoken = '';

  constructor({ cover, element, requestUpdate }: Setup) {
    this.#cover = cover;
    this.#element = element;
    this.requestUpdate = requestUpdate;
    this.api = new ModeApi(cover.api);
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

  get language(): Language {
    return this.#element.language;
  }

  get common(): Texts {
    return this.#element.texts!;
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
    const ordering = new Ordering({
      changed: on.changed,
      created: (job, balance) => {
        this.accepted(job, balance);
        on.created?.(job, balance);
      },
      failed: (fault) => {
        if (!on.failed) return this.report(fault);
        emit(this.#element, 'cover-error', { code: fault.code, facts: fault.facts });
        on.failed(fault);
      },
    });
    const { site, user } = this.session;
    const { api } = this.#cover;
    const store = new PendingOrderStore({ server: api.server, siteId: site.id, userId: user.id, form });
    this.#orderings.push(ordering);
    queueMicrotask(() => this.signal.aborted || ordering.start(api, store));
    return ordering;
  }

  report(fault: unknown): void {
    if (!this.signal.aborted) this.#cover.report(fault, this.#ownText(asApiError(fault).code));
  }

  notify({ kind, text }: { kind: 'error' | 'info'; text: string }): void {
    this.#cover.notify({ kind, code: 'chosen', text });
  }

  say(text: string): void {
    this.#spoken = text;
    this.requestUpdate();
  }

  /** The live region that stands beside each mode. */
  voice() {
    return html`<div class="sr-only" role="status" aria-live="polite">${this.#spoken}</div>`;
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
