/** One job beside its variants, and the words of the next one. */
import type { Job } from '../../../server/contract.ts';
import { asApiError, type ApiError } from '../../api-error.ts';
import { isEnded, mergeJob } from '../../job-state.ts';
import { KindDraft } from '../kinds/kind-draft.ts';
import type { JobNews, ModeHost } from '../mode.ts';

const mostShown = 24;

/** Reads itself when it is made. All variants hang on one root, also those that begin at another variant. */
export class Comparison {
  readonly jobId: string;
  readonly draft: KindDraft;
  /** The root and the variants, newest first after the root. */
  jobs: Job[];
  rootId: string;
  isReading = false;
  hasFailed = false;
  /** Which variant asks "delete it?" now. */
  askingId: string | undefined;
  fault: ApiError | undefined;
  readonly #host: ModeHost;
  readonly #job: Job;

  constructor(host: ModeHost, job: Job) {
    this.#host = host;
    this.#job = job;
    this.jobId = job.id;
    this.rootId = job.parentId ?? job.id;
    this.jobs = [job];
    this.draft = new KindDraft({ presets: () => host.presetsOf(job.kind), changed: () => host.requestUpdate() });
    const { presetId, prompt, aspectRatio, seconds } = job;
    this.draft.restore({ presetId, prompt, aspectRatio, ...(seconds && { seconds }) });
    void this.read();
  }

  /** A root that was deleted has no more variants: the job itself takes its place. */
  async read(): Promise<void> {
    this.isReading = true;
    this.hasFailed = false;
    this.#host.requestUpdate();
    const { api, signal } = this.#host;
    try {
      const root = this.rootId === this.jobId ? this.#job : await this.#readRoot();
      this.rootId = root.id;
      const { items } = await api.jobs({ parentId: root.id }, { limit: mostShown, signal });
      for (const job of [root, ...items]) this.#put(this.#host.newest(job));
    } catch {
      this.hasFailed = !signal.aborted;
    }
    this.isReading = false;
    this.#host.requestUpdate();
  }

  take(news: JobNews): void {
    if (news.isGone) {
      this.jobs = this.jobs.filter(({ id }) => id !== news.id);
      if (news.id === this.rootId) this.rootId = this.jobId;
    } else if (this.#belongs(news.job)) this.#put(news.job);
  }

  async #readRoot(): Promise<Job> {
    try {
      return await this.#host.api.job(this.rootId, this.#host.signal);
    } catch (fault) {
      if (asApiError(fault).code === 'not_found') return this.#job;
      throw fault;
    }
  }

  #belongs({ id, parentId }: Job): boolean {
    return parentId === this.rootId || this.jobs.some((known) => known.id === id);
  }

  #put(job: Job): void {
    const known = this.jobs.find(({ id }) => id === job.id);
    const newest = mergeJob(known, job);
    const others = this.jobs.filter((other) => other !== known);
    this.jobs = [...others, newest].sort((a, b) => this.#rank(a) - this.#rank(b) || later(a, b));
    if (!known || isEnded(known) || !isEnded(newest)) return;
    this.#host.say(newest.status === 'completed' ? this.#host.texts.variants.ready : this.#host.common.failedTitle);
  }

  #rank({ id }: Job): number {
    return id === this.rootId ? 0 : 1;
  }
}

const later = (a: Job, b: Job) => (a.createdAt < b.createdAt ? 1 : -1);
