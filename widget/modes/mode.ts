/** What a mode is and what it may ask for. A mode is a plain class: it draws itself and is told when to stop. */
import type { nothing, TemplateResult } from 'lit';
import type { Batch, CreateBatch, Job, JobKind, Preset, Session } from '../../server/contract.ts';
import type { AnyCode, Facts } from '../api-error.ts';
import type { Texts } from '../i18n/i18n.ts';
import type { Ordering, OrderingCallbacks } from '../ordering.ts';
import type { ModeApi } from './api.ts';
import type { ModeTexts } from './i18n/i18n.ts';

/**
 * One mode of one seller. It lives from the moment it is first shown until the seller changes or the element leaves
 * the page; while another tab is shown its elements are kept, out of the page.
 */
export interface Mode {
  /** Called at each change of language, balance or session, and after `host.requestUpdate()`, while it is shown. */
  render(): TemplateResult | typeof nothing;
  /** Called after each drawing, with the element that holds it: for measuring and for canvases. */
  drawn?(root: HTMLElement): void;
  /** Called once. Nothing may be asked of the host afterwards. */
  dispose(): void;
  /** Whether `pick` would take a picture now. */
  readonly takesPictures?: boolean;
  /** Files that were dropped on or pasted into the widget, or given by the page, while this mode is shown. */
  pick?(files: readonly File[]): void;
}

/** What became of a job. `isGone`: it was deleted, by any part of the widget; then `job` is missing. */
export type JobNews = { id: string; isGone: true } | { id: string; isGone: false; job: Job };

/** The widget as a mode sees it. Getters are read anew at each use: all of it may change at any time. */
export interface ModeHost {
  readonly api: ModeApi;
  readonly session: Session;
  readonly balance: number;
  readonly language: string;
  /** The texts of the modes. */
  readonly texts: ModeTexts;
  /** The texts of the mode `cover`: statuses, buttons, tokens, errors. */
  readonly common: Texts;
  /** What the toast says now; a dialog says it too, because the toast is behind it. */
  readonly notice: { kind: 'error' | 'info'; text: string } | undefined;
  /** What the widget's one polite live region says now; a dialog has the region while it is open. */
  readonly spoken: string;
  /** Ends when the mode is disposed; for requests and listeners. */
  readonly signal: AbortSignal;
  /** The presets of a kind, in the order of the `presets` attribute when it names some of that kind. */
  presetsOf(kind: JobKind): Preset[];
  /** Draws the shown mode again, soon; many calls make one drawing. */
  requestUpdate(): void;
  /**
   * Every job of the seller that moves or is deleted, whoever made it, by event stream or by polling; also each answer
   * of `refreshJob`. Answers the function that ends it; disposing ends it too.
   */
  onJob(listener: (news: JobNews) => void): () => void;
  /** The newest view the widget has of a job: news may be newer than a list that was just read. */
  newest(job: Job): Job;
  /** To be called with each answer that made a job: emits `cover-created`, takes the balance, follows it to its end. */
  accepted(job: Job, balance: number): void;
  /**
   * Places orders one at a time, with upload, retries and a key that survives a reload: what an earlier page left
   * unanswered is sent again at once. `form` names the place where the unanswered order is kept. `accepted` is called for
   * each job; a fault is reported, unless `failed` is given: then the mode shows it where it belongs.
   */
  ordering(form: string, callbacks: Pick<OrderingCallbacks, 'changed'> & Partial<OrderingCallbacks>): Ordering;
  /** The same for many pictures at once; `accepted` is called for each job of the answer. Nothing is uploaded. */
  batchOrdering(form: string, callbacks: OrderingCallbacks<Batch>): Ordering<CreateBatch, Batch>;
  /** Tells the seller (toast) and the page (`cover-error`) about a fault. */
  report(fault: unknown): void;
  /** A toast. */
  notify(notice: { kind: 'error' | 'info'; text: string }): void;
  /** For screen readers only. */
  say(text: string): void;
  /** The sentence for a code. */
  errorText(code: AnyCode, facts?: Facts): string;
  /** Reads a job anew for fresh media links, at most once a minute; undefined when it was just done or failed. */
  refreshJob(id: string): Promise<Job | undefined>;
  /** Whether the job's media links were handed out lately enough to be followed without `refreshJob`. */
  hasFreshLinks(id: string): boolean;
  /** Deletes; a fault is reported. Answers whether it was done. */
  remove(id: string): Promise<boolean>;
  /** Cancels a job that waits in the queue; a fault is reported. Answers whether it was done. */
  cancel(id: string): Promise<boolean>;
  /** The seller chose this clip: `cover-chosen`, and a toast unless the page prevents it. */
  choose(job: Job): void;
}
