/**
 * The seller's jobs of one filter, newest first, as pages. Of every page the ids stay, so places never move; the jobs
 * themselves are kept near the window only and read again, by the page's cursor, when the seller comes back.
 */
import type { Job } from '../../../server/contract.ts';
import { mergeJob } from '../../job-state.ts';
import type { JobFilter } from '../api.ts';
import type { JobNews, ModeHost } from '../mode.ts';

/** How many jobs are read at first: about two screens. */
const firstPageSize = 32;
/** How many are read at once further down: the longest page the server gives, for few requests while scrolling. */
const pageSize = 100;
/** Pages are kept this many places beyond the drawn ones, and the list is read on when its end is as near. */
const marginCount = 40;
/** Media links live for an hour or two; jobs read longer ago than this are read again before their links are used. */
const linkTrustMs = 30 * 60_000;
/** Links of one page are not asked for more often than this. */
const renewSpacingMs = 60_000;
/** A page that could not be read again is asked for again after this long. */
const retryAfterMs = 3000;
/** How many pages are read again at once: those that a fast scroll only passes wait, and are seldom wanted then. */
const mostAtOnce = 2;

interface JobPage {
  cursor: string | undefined;
  ids: string[];
  /** By id; undefined while the page is far away. */
  jobs: Map<string, Job> | undefined;
  /** When its last job was ordered. */
  oldest: string;
  readAtMs: number;
  /** When the last request began; 0 when none has failed or is under way. */
  askedAtMs: number;
}

interface PagesSetup {
  host: ModeHost;
  filter: JobFilter;
  changed: () => void;
}

/** One place of the list; `job` is undefined while its page is not kept. */
export interface Place {
  id: string;
  job: Job | undefined;
}

/** Reads nothing until `begin`. */
export class JobPages {
  readonly filter: JobFilter;
  readonly #host: ModeHost;
  readonly #changed: () => void;
  readonly #life = new AbortController();
  readonly #signal: AbortSignal;
  #pages: JobPage[] = [];
  /** Jobs that were made since; they wait until the top of the list is in view, so that nothing moves under the seller. */
  #arrived: Job[] = [];
  #nextCursor: string | null | undefined;
  #isReadingOn = false;
  #readingAgainCount = 0;
  hasFailed = false;

  constructor({ host, filter, changed }: PagesSetup) {
    this.#host = host;
    this.filter = filter;
    this.#changed = changed;
    this.#signal = AbortSignal.any([host.signal, this.#life.signal]);
  }

  /** Whether the first page has come. */
  get isReady(): boolean {
    return this.#nextCursor !== undefined;
  }

  get hasMore(): boolean {
    return this.#nextCursor !== null;
  }

  get count(): number {
    return this.#pages.reduce((sum, page) => sum + page.ids.length, 0);
  }

  /** How many jobs are in memory. */
  get keptCount(): number {
    return this.#pages.reduce((sum, page) => sum + (page.jobs?.size ?? 0), this.#arrived.length);
  }

  /** Ends all requests. */
  dispose(): void {
    this.#life.abort();
  }

  /** The places from `first` up to, not including, `end`. */
  slice(first: number, end: number): Place[] {
    const places: Place[] = [];
    let start = 0;
    for (const { ids, jobs } of this.#pages) {
      for (const id of ids.slice(Math.max(first - start, 0), Math.max(end - start, 0))) {
        places.push({ id, job: jobs?.get(id) });
      }
      start += ids.length;
    }
    return places;
  }

  /** -1 when there is no such job in the list. */
  indexOf(id: string): number {
    let start = 0;
    for (const { ids } of this.#pages) {
      const at = ids.indexOf(id);
      if (at !== -1) return start + at;
      start += ids.length;
    }
    return -1;
  }

  /**
   * Says which places are drawn: their pages are kept and read if need be, far ones are forgotten, and the list is read
   * on when its end is near. `pinned`: one more place that must stay.
   */
  keepNear(first: number, end: number, pinned = -1): void {
    let start = 0;
    for (const page of this.#pages) {
      const stop = start + page.ids.length;
      const isPinned = pinned >= start && pinned < stop;
      const isNear = start < end && stop > first;
      if (isNear || isPinned) this.#want(page);
      else if (stop < first - marginCount || start > end + marginCount) page.jobs = undefined;
      start = stop;
    }
    if (start - end < marginCount && !this.hasFailed) void this.readOn();
  }

  /** Reads the next page. A fault is remembered in `hasFailed`; calling again tries again. */
  async readOn(): Promise<void> {
    if (this.#isReadingOn || !this.hasMore) return;
    this.#isReadingOn = true;
    this.hasFailed = false;
    const cursor = this.#nextCursor ?? undefined;
    try {
      const { items, nextCursor } = await this.#read(cursor, cursor ? pageSize : firstPageSize);
      const known = items.filter((job) => this.indexOf(job.id) === -1);
      this.#nextCursor = nextCursor;
      if (known.length > 0) this.#pages.push(pageOf(cursor, known));
    } catch {
      this.hasFailed = !this.#signal.aborted;
    }
    this.#isReadingOn = false;
    this.#changed();
  }

  /** Whether the job's links were handed out lately enough to be followed. */
  isFresh(id: string): boolean {
    const page = this.#pageWith(id);
    return (page?.jobs?.has(id) && Date.now() - page.readAtMs < linkTrustMs) ?? false;
  }

  /** The job's links do not work: reads its page again, unless that was just done. */
  renew(id: string): void {
    const page = this.#pageWith(id);
    if (page && Date.now() - page.readAtMs > renewSpacingMs) void this.#readAgain(page);
  }

  take(news: JobNews): void {
    const page = this.#pageWith(news.id);
    if (news.isGone) {
      if (page) page.ids = page.ids.filter((id) => id !== news.id);
      page?.jobs?.delete(news.id);
      this.#arrived = this.#arrived.filter((job) => job.id !== news.id);
      return;
    }
    const { job } = news;
    if (page) {
      const known = page.jobs?.get(job.id);
      if (known) page.jobs!.set(job.id, mergeJob(known, job));
      return;
    }
    const waiting = this.#arrived.find((other) => other.id === job.id);
    if (waiting || this.#isNew(job)) {
      this.#arrived = [mergeJob(waiting, job), ...this.#arrived.filter((other) => other !== waiting)];
    }
  }

  /** Puts the jobs that were made since at the top. Answers whether there were any. */
  letIn(): boolean {
    if (!this.isReady || this.#arrived.length === 0) return false;
    const made = this.#arrived.filter((job) => this.indexOf(job.id) === -1);
    this.#arrived = [];
    const [head] = this.#pages;
    if (!head) this.#pages = made.length > 0 ? [pageOf(undefined, made)] : [];
    else if (head.jobs) {
      const all = new Map([...head.jobs.values(), ...made].map((job) => [job.id, job]));
      Object.assign(head, { jobs: all, ids: newestFirst([...all.values()]).map(({ id }) => id) });
    } else head.ids.unshift(...newestFirst(made).map(({ id }) => id));
    return made.length > 0;
  }

  /** Old jobs move too, and those further down the list are not known yet; which words a search finds the server knows. */
  #isNew(job: Job): boolean {
    const { kind, groupId, q } = this.filter;
    if (q || (kind && job.kind !== kind) || (groupId && job.groupId !== groupId)) return false;
    const [head] = this.#pages;
    return !head || !this.hasMore || job.createdAt > head.oldest;
  }

  #want(page: JobPage): void {
    const now = Date.now();
    const isOld = !page.jobs || now - page.readAtMs > linkTrustMs;
    if (isOld && now - page.askedAtMs > retryAfterMs && this.#readingAgainCount < mostAtOnce)
      void this.#readAgain(page);
  }

  /** What is not in the answer any more was deleted elsewhere; what is in it beyond the page belongs to the next one. */
  async #readAgain(page: JobPage): Promise<void> {
    page.askedAtMs = Date.now();
    this.#readingAgainCount += 1;
    const own = new Set(page.ids);
    const jobs = new Map<string, Job>();
    try {
      let cursor = page.cursor;
      for (let isWithin = true; isWithin && jobs.size < own.size;) {
        const answer = await this.#read(cursor, Math.min(Math.max(own.size, 1), pageSize));
        for (const job of answer.items) if (own.has(job.id)) jobs.set(job.id, job);
        isWithin = answer.nextCursor !== null && answer.items.every(({ id }) => own.has(id));
        cursor = answer.nextCursor ?? undefined;
      }
      page.ids = page.ids.filter((id) => jobs.has(id) || !own.has(id));
      Object.assign(page, { jobs, readAtMs: Date.now(), askedAtMs: 0 });
    } catch {
      if (!this.#signal.aborted) setTimeout(this.#changed, retryAfterMs + 1);
    }
    this.#readingAgainCount -= 1;
    this.#changed();
  }

  async #read(cursor: string | undefined, limit: number) {
    const page = await this.#host.api.jobs(this.filter, { cursor, limit, signal: this.#signal });
    return { ...page, items: page.items.map((job) => this.#host.newest(job)) };
  }

  #pageWith(id: string): JobPage | undefined {
    return this.#pages.find((page) => page.ids.includes(id));
  }
}

const newestFirst = (jobs: Job[]) => jobs.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));

const pageOf = (cursor: string | undefined, jobs: Job[]): JobPage => ({
  cursor,
  ids: jobs.map(({ id }) => id),
  jobs: new Map(jobs.map((job) => [job.id, job])),
  oldest: jobs.at(-1)!.createdAt,
  readAtMs: Date.now(),
  askedAtMs: 0,
});
