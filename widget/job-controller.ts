/**
 * Owns everything the widget knows: session, balance, jobs, the order under way. Parts only ask; this class shows
 * nothing the server has not confirmed.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Job, ServerEvent, Session } from '../server/contract.ts';
import { CoverApi } from './api.ts';
import { ApiError, asApiError } from './api-error.ts';
import { Draft } from './draft.ts';
import { emit } from './events.ts';
import type { addedTo, Texts } from './i18n/i18n.ts';
import { hasMoved, isEnded, mergeJob, withJob } from './job-state.ts';
import { failureOf, tellOfJob } from './job-news.ts';
import { JobPoll } from './job-poll.ts';
import type { OpenModes, openModes } from './modes/index.ts';
import { Ordering } from './ordering.ts';
import { PendingOrderStore } from './pending-order.ts';
import { EventStream, pause } from './stream.ts';
import { fetchTokenFrom, TokenSource } from './token-source.ts';

/** What the controller reads from the element; read anew at each use, because attributes may change at any time. */
export interface CoverHost extends ReactiveControllerHost, HTMLElement {
  serverUrl: string;
  tokenUrl: string | null | undefined;
  getToken: (() => Promise<string>) | undefined;
  historySize: number;
  hasUpdated: boolean;
  language: string;
  /** What the page has added to the language. */
  added: ReturnType<typeof addedTo>;
  /** Undefined until they have come. */
  texts: Texts | undefined;
  presets: string | null | undefined;
  /** Whether it has modes that show more than covers. */
  takesAllKinds: boolean;
}

/** A message that stays until it is closed or its time is over. */
export interface Notice {
  kind: 'error' | 'info';
  code: ApiError['code'] | 'chosen' | 'cancelled' | 'copied';
  facts: Record<string, unknown>;
  refunded: number;
  /** Said instead of the sentence for the code. */
  text?: string;
}

/** How long the host may take to set `getToken` after the element is on the page. */
const configureGraceMs = 1000;
const isCover = (job: Job) => job.kind === 'image-to-video';
/** Media links live for an hour or two; younger ones than this are followed as they are. */
const linkTrustMs = 30 * 60_000;

/** A reactive controller: connects with its element, frees everything when the element leaves the page. */
export class JobController implements ReactiveController {
  phase: 'loading' | 'failed' | 'ready' = 'loading';
  problem: ApiError | undefined;
  session: Session | undefined;
  balance = 0;
  /** Newest first; open jobs and the last ended ones. Covers only, unless the element has modes for other kinds. */
  jobs: Job[] = [];
  currentId: string | undefined;
  /** Whether the past covers have been read, or could not be. */
  hasHistory = false;
  notice: Notice | undefined;
  /** What the one polite live region says. */
  spoken = '';
  /** The modes that were loaded; gone with the seller. */
  modes: OpenModes | undefined;
  readonly draft: Draft;
  readonly ordering: Ordering;
  readonly #host: CoverHost;
  #api: CoverApi | undefined;
  #life: AbortController | undefined;
  #stream: EventStream | undefined;
  #poll: JobPoll | undefined;
  readonly #seenAtMs = new Map<string, number>();
  /** On their way out: no longer shown, unless the server refuses. */
  readonly #leaving = new Set<string>();

  constructor(host: CoverHost) {
    this.#host = host;
    this.draft = new Draft(() => host.requestUpdate());
    this.ordering = new Ordering({
      changed: () => host.requestUpdate(),
      created: (job, balance) => this.#acceptOwn(job, balance),
      failed: (fault) => this.report(fault),
    });
    host.addController(this);
  }

  hostConnected(): void {
    if (this.#host.hasUpdated) this.restart();
    document.addEventListener('visibilitychange', this.#onVisibility);
    window.addEventListener('online', this.#onOnline);
  }

  hostDisconnected(): void {
    this.#stop();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    window.removeEventListener('online', this.#onOnline);
  }

  /** Forgets everything about the seller and loads the session again. */
  restart(): void {
    this.#stop();
    this.draft.clear();
    const nothing = { problem: undefined, session: undefined, notice: undefined, currentId: undefined };
    Object.assign(this, { ...nothing, phase: 'loading', jobs: [], hasHistory: false });
    const life = (this.#life = new AbortController());
    const tokens = new TokenSource({
      fetchToken: () => this.#fetchToken(),
      onSubjectChange: () => life.signal.aborted || queueMicrotask(() => this.restart()),
    });
    this.#api = new CoverApi({
      server: this.#host.serverUrl,
      tokens,
      language: () => `${this.#host.language},${this.#host.added.base}`,
    });
    void this.#load(life.signal);
    this.changed();
  }

  /** Reads titles and limits again, for a new language, without touching the work under way. */
  async refreshSession(): Promise<void> {
    const signal = this.#life?.signal;
    const session = await this.#api?.session(signal).catch(() => undefined);
    if (!session || signal?.aborted || this.phase !== 'ready') return;
    this.session = session;
    this.#setBalance(session.balance);
    this.changed();
  }

  /** Reads the history again, for another length. */
  async loadHistory(): Promise<void> {
    const signal = this.#life?.signal;
    if (this.phase !== 'ready' || this.#host.historySize === 0) return;
    const jobs = await this.#api!.listCovers(this.#host.historySize, signal).catch(() => []);
    if (signal?.aborted) return;
    this.hasHistory = true;
    jobs.forEach((job) => this.#keep(job));
    this.changed();
  }

  /** The jobs of the mode `cover`. */
  get covers(): Job[] {
    return this.jobs.filter((job) => isCover(job) && !this.#leaving.has(job.id));
  }

  /** The client of the seller now signed in. */
  get api(): CoverApi {
    return this.#api!;
  }

  openModes(open: typeof openModes): void {
    if (this.phase === 'ready') this.modes ??= open(this, this.#host);
  }

  /** Draws the element again. */
  changed(): void {
    this.#host.requestUpdate();
  }

  get current(): Job | undefined {
    return this.covers.find((job) => job.id === this.currentId);
  }

  show(id: string | undefined): void {
    this.currentId = id;
    this.changed();
  }

  dismiss(): void {
    this.notice = undefined;
    this.changed();
  }

  notify(notice: Partial<Notice> & Pick<Notice, 'kind' | 'code'>): void {
    this.notice = { facts: {}, refunded: 0, ...notice };
    this.changed();
  }

  /** Tells the seller and the host about a fault; `text` is said instead of the sentence for its code. */
  report(fault: unknown, text?: string): void {
    const { code, facts } = asApiError(fault);
    this.notify({ kind: 'error', code, facts, ...(text && { text }) });
    emit(this.#host, 'cover-error', { code, facts });
  }

  async pick(files: readonly File[]): Promise<void> {
    try {
      if (files.length !== 1) throw new ApiError('one_picture');
      const picture = await this.draft.pick(files[0]!, this.session!);
      if (!picture) return;
      this.notice = undefined;
      this.show(undefined);
      await this.ordering.send(picture).catch(() => undefined);
    } catch (fault) {
      this.report(fault);
    }
  }

  /** Uploads and orders; a second press while the first is under way does nothing. */
  generate(): void {
    this.notice = undefined;
    void this.ordering.place(this.draft);
  }

  /** Whether it was cancelled; if not, the seller has been told why. */
  cancel(id: string): Promise<boolean> {
    return this.#attempt(this.#api!.cancel(id), ({ job, balance }) => {
      this.#setBalance(balance);
      this.#receive(job);
      this.notify({ kind: 'info', code: 'cancelled', refunded: job.receipt.refunded });
    });
  }

  /** Hides it at once. Whether it was deleted; if not, it is back and the seller has been told why. */
  remove(id: string): Promise<boolean> {
    this.#leaving.add(id);
    this.changed();
    return this.#attempt(
      this.#api!.remove(id).finally(() => this.#leaving.delete(id)),
      () => {
        this.jobs = this.jobs.filter((job) => job.id !== id);
        if (this.currentId === id) this.currentId = undefined;
        this.modes?.gone(id);
      },
    );
  }

  /** Signed media URLs end; reads the job anew unless that was done within the last minute; answers the fresh view. */
  async refreshMedia(id: string): Promise<Job | undefined> {
    if (this.isFresh(id, 60_000)) return undefined;
    const job = await this.#api?.job(id, this.#life?.signal).catch(() => undefined);
    if (job) this.#keep(job);
    return job;
  }

  /** Whether the job's signed links were handed out lately enough to be followed without a look. */
  isFresh(id: string, trustMs = linkTrustMs): boolean {
    return performance.now() - this.#seenAtMs.get(id)! < trustMs;
  }

  #stop(): void {
    this.modes?.dispose();
    this.modes = undefined;
    this.#life?.abort();
    this.#stream?.stop();
    this.#poll?.stop();
    this.ordering.stop();
  }

  async #fetchToken(): Promise<string> {
    const { getToken, tokenUrl } = this.#host;
    if (getToken) return getToken();
    if (tokenUrl) return fetchTokenFrom(tokenUrl);
    throw new ApiError('not_configured');
  }

  async #load(signal: AbortSignal): Promise<void> {
    try {
      if (!this.#host.getToken && !this.#host.tokenUrl) {
        await pause(configureGraceMs, signal);
        if (signal.aborted) return;
      }
      const session = await this.#api!.session(signal);
      if (!signal.aborted) this.#begin(session);
    } catch (fault) {
      if (signal.aborted) return;
      this.phase = 'failed';
      this.problem = asApiError(fault);
      emit(this.#host, 'cover-error', { code: this.problem.code, facts: this.problem.facts });
      this.changed();
    }
  }

  #begin(session: Session): void {
    const api = this.#api!;
    this.session = session;
    this.balance = session.balance;
    this.phase = 'ready';
    this.jobs = session.activeJobs.filter((job) => this.#takes(job)).reduce(withJob, []);
    this.currentId = this.covers[0]?.id;
    const store = new PendingOrderStore({ server: api.server, siteId: session.site.id, userId: session.user.id });
    this.#stream = new EventStream({
      api,
      owner: store.name,
      event: (event) => this.#onServerEvent(event),
      open: () => void this.#poll?.readNow(),
    });
    this.#poll = new JobPoll({
      read: (id) => api.job(id, this.#life?.signal),
      openIds: () => this.#openIds(),
      isStreamHealthy: () => this.#stream!.isHealthy,
      onJob: (job) => this.#receive(job),
    });
    this.#stream.start();
    this.#poll.start();
    emit(this.#host, 'cover-ready', { session });
    this.changed();
    void this.loadHistory();
    this.ordering.start(api, store);
  }

  #openIds(): string[] {
    return this.jobs.filter((job) => !isEnded(job)).map((job) => job.id);
  }

  #onServerEvent(received: ServerEvent): void {
    if (received.event === 'balance') this.#setBalance(received.data.balance);
    else if (this.#takes(received.data.job)) this.#receive(received.data.job);
  }

  #takes(job: Job): boolean {
    return this.#host.takesAllKinds || isCover(job);
  }

  #acceptOwn(job: Job, balance: number): void {
    this.currentId = job.id;
    if (this.draft.picture) this.draft.picture.jobId = job.id;
    this.accept(job, balance);
  }

  /** Takes over a job that was just made: tells the host page and follows the job to its end. */
  accept(job: Job, balance: number): void {
    this.#setBalance(balance);
    this.#keep(job);
    emit(this.#host, 'cover-created', { job, balance });
    this.changed();
  }

  /** Stores a view of a job; answers what was known before and what is known now. */
  #keep(incoming: Job): { before: Job | undefined; after: Job } {
    const before = this.jobs.find((job) => job.id === incoming.id);
    const after = mergeJob(before, incoming);
    this.#seenAtMs.set(incoming.id, performance.now());
    if (after !== before) this.jobs = withJob(this.jobs, after);
    this.modes?.news(after);
    this.changed();
    return { before, after };
  }

  #receive(incoming: Job): void {
    const { before, after } = this.#keep(incoming);
    if (!hasMoved(before, after) || (before && isEnded(before))) return;
    tellOfJob(this.#host, after);
    if (after.status !== 'failed') return;
    this.notify({ kind: 'error', code: failureOf(after), refunded: after.receipt.refunded });
    if (!this.#stream?.isHealthy) void this.refreshSession();
  }

  #setBalance(balance: number): void {
    if (balance === this.balance) return;
    this.balance = balance;
    emit(this.#host, 'balance-changed', { balance });
    this.changed();
  }

  /** An answer that comes after its seller has gone is nobody's. */
  async #attempt<T>(asked: Promise<T>, use: (answer: T) => void): Promise<boolean> {
    const life = this.#life;
    try {
      const answer = await asked;
      if (life === this.#life) use(answer);
      return true;
    } catch (fault) {
      if (life === this.#life) this.report(fault);
      return false;
    } finally {
      this.changed();
    }
  }

  /** A hidden page with nothing open needs no connection: browsers allow six a host, and sellers keep many tabs. */
  readonly #onVisibility = () => {
    if (this.phase !== 'ready') return;
    if (document.visibilityState === 'visible') this.#stream?.start();
    else if (this.#openIds().length === 0) this.#stream?.stop();
  };

  readonly #onOnline = () => {
    if (this.phase === 'failed') this.restart();
    else this.ordering.retry();
  };
}
