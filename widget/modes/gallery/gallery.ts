/** The seller's jobs of one filter, newest first, kept up to date by news. */
import { html, nothing } from 'lit';
import type { Job } from '../../../server/contract.ts';
import { withJob } from '../../job-state.ts';
import type { JobFilter } from '../api.ts';
import type { JobNews, ModeHost } from '../mode.ts';

interface GallerySetup {
  host: ModeHost;
  filter: JobFilter;
  /** What is said while there is nothing. */
  emptyText: () => string;
}

/** Reads its first page when it is first drawn. A part of a mode: the mode draws it and disposes of it. */
export class Gallery {
  readonly #host: ModeHost;
  readonly #filter: JobFilter;
  readonly #emptyText: () => string;
  readonly #endNews: () => void;
  #jobs: Job[] | undefined;
  #cursor: string | null = null;
  #isLoading = false;
  #hasFailed = false;

  constructor({ host, filter, emptyText }: GallerySetup) {
    this.#host = host;
    this.#filter = filter;
    this.#emptyText = emptyText;
    this.#endNews = host.onJob((news) => this.#onNews(news));
  }

  render() {
    const { texts, common } = this.#host;
    if (!this.#jobs && !this.#isLoading && !this.#hasFailed) void this.#read();
    if (this.#hasFailed) {
      return html`<div class="empty" role="alert">
        <p>${texts.listFailed}</p>
        <button class="button quiet" @click=${() => this.#read()}>${common.tryAgain}</button>
      </div>`;
    }
    if (!this.#jobs) return html`<div class="bone" role="status" aria-label=${common.loading}></div>`;
    if (this.#jobs.length === 0) {
      return html`<div class="empty">
        <p class="lead">${this.#emptyText()}</p>
        <p class="hint">${texts.emptyHint}</p>
      </div>`;
    }
    return html`<ul class="plain-list" aria-label=${texts.list}>
        ${this.#jobs.map(
          (job) =>
            html`<li data-job=${job.id}>
              ${common.status[job.status]} ${job.progress} % · ${job.prompt.slice(0, 80)}
            </li>`,
        )}
      </ul>
      ${
        this.#cursor
          ? html`<button class="button quiet" @click=${() => this.#read()}>${texts.loadMore}</button>`
          : nothing
      }`;
  }

  dispose(): void {
    this.#endNews();
  }

  async #read(): Promise<void> {
    this.#isLoading = true;
    this.#hasFailed = false;
    this.#host.requestUpdate();
    try {
      const page = await this.#host.api.jobs(this.#filter, {
        cursor: this.#cursor ?? undefined,
        signal: this.#host.signal,
      });
      this.#jobs = page.items.map((job) => this.#host.newest(job)).reduce(withJob, this.#jobs ?? []);
      this.#cursor = page.nextCursor;
    } catch {
      this.#hasFailed = true;
    }
    this.#isLoading = false;
    this.#host.requestUpdate();
  }

  #onNews(news: JobNews): void {
    if (!this.#jobs) return;
    if (news.isGone) this.#jobs = this.#jobs.filter((job) => job.id !== news.id);
    else if (this.#takes(news.job)) this.#jobs = withJob(this.#jobs, news.job);
    this.#host.requestUpdate();
  }

  #takes(job: Job): boolean {
    const { kind, groupId } = this.#filter;
    return (!kind || job.kind === kind) && (!groupId || job.groupId === groupId);
  }
}
