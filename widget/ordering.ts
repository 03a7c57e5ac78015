/**
 * Places an order: upload, then create. The key and body of an order are stored before they are sent and forgotten only
 * when the server has given a definite answer, so whatever breaks in between, the same order is sent again under the
 * same key and is charged once.
 */
import type { CreateJob, Job } from '../server/contract.ts';
import type { CoverApi } from './api.ts';
import { ApiError, asApiError } from './api-error.ts';
import { newKey, type PendingOrder, type PendingOrderStore } from './pending-order.ts';
import type { Picture } from './picture.ts';
import { pause } from './stream.ts';

/** Where the order under way stands. `unanswered`: sent, no answer, waits for the seller or the network. */
export type OrderStep = 'idle' | 'uploading' | 'creating' | 'unanswered';

/** Pauses before the second, third … attempt to send a picture or to create. */
const retryPausesMs = [1000, 2000, 4000, 8000];
/** A pause ends when the network is back; without one there is nothing else to wait for. */
const untilOnlineMs = 1e9;

/** What is ordered; a kind without a picture has none to upload. */
export interface Orderable<Body = CreateJob> {
  picture: Picture | undefined;
  /** Takes the server's word on the picture's size; true when it agrees with what the seller saw. */
  confirmSize(seen: { width: number; height: number }): boolean;
  order(uploadId: string | undefined): Body;
}

/** What an ordering tells. */
export interface OrderingCallbacks<Made = Job> {
  changed: () => void;
  created: (made: Made, balance: number) => void;
  failed: (fault: ApiError) => void;
}

/** What an ordering sends with; both throw ApiError. */
export interface OrderingApi<Body = CreateJob, Made = Job> extends Pick<CoverApi, 'upload'> {
  createJob(order: PendingOrder<Body>, signal?: AbortSignal): Promise<{ job: Made; balance: number }>;
}

/**
 * Whether an answer proves that the order was not taken. Refused tokens and server faults prove nothing. Limits on
 * origin and rate stand in front of the order book, so they prove nothing about an earlier, unanswered attempt.
 */
const isDefinite = ({ status }: ApiError, hadSilence: boolean) =>
  status >= 400 &&
  status < 500 &&
  status !== 401 &&
  status !== 408 &&
  !(hadSilence && (status === 403 || status === 429));

/** One order at a time: of one job, or of whatever else is made from a body under a key. */
export class Ordering<Body = CreateJob, Made = Job> {
  step: OrderStep = 'idle';
  /** The order that was sent last. */
  order: PendingOrder<Body> | undefined;
  /** Share of the upload that has left, 0 to 1. */
  sentShare = 0;
  readonly #on: OrderingCallbacks<Made>;
  readonly #pausesMs: readonly number[];
  #api: OrderingApi<Body, Made> | undefined;
  #store: PendingOrderStore<Body> | undefined;
  #life = new AbortController();
  #uploading: AbortController | undefined;

  /** `pausesMs` are the waits between the attempts; after the last one an order is left unanswered. */
  constructor(callbacks: OrderingCallbacks<Made>, pausesMs: readonly number[] = retryPausesMs) {
    this.#on = callbacks;
    this.#pausesMs = pausesMs;
  }

  /** Sends again what an earlier page left unanswered. */
  start(api: OrderingApi<Body, Made>, store: PendingOrderStore<Body>): void {
    this.#api = api;
    this.#store = store;
    this.#life = new AbortController();
    const left = store.load();
    if (left) void this.#create(left, true);
  }

  /** Stops without deciding anything: an unanswered order stays stored. */
  stop(): void {
    this.#life.abort();
    this.#uploading?.abort();
    this.#setStep('idle');
  }

  async place(draft: Orderable<Body>): Promise<void> {
    if (this.step !== 'idle') return;
    const { picture } = draft;
    const uploadId = picture && (await this.#upload(draft, picture));
    if (picture && uploadId === undefined) return;
    const order = { key: newKey(), body: draft.order(uploadId), madeAtMs: Date.now() };
    this.#store!.save(order);
    const fault = await this.#create(order, false);
    if (fault?.status === 404) delete draft.picture?.upload;
  }

  cancelUpload(): void {
    this.#uploading?.abort();
  }

  /** Sends the unanswered order again; harmless when there is none. */
  retry(): void {
    if (this.step === 'unanswered') void this.#create(this.order!, true);
  }

  /** Gives the unanswered order up. If it did reach the server, its job appears in the history. */
  discard(): void {
    if (this.step !== 'unanswered') return;
    this.#store?.clear(this.order!.key);
    this.#setStep('idle');
  }

  /**
   * Sends the picture ahead of its order, which then need not wait. Whatever was being sent before is stopped; a cut is
   * taken up again. Throws ApiError.
   */
  send(picture: Picture): Promise<void> {
    this.cancelUpload();
    this.sentShare = 0;
    const { signal } = (this.#uploading = new AbortController());
    return (picture.sending = this.#sendWhole(picture, signal).finally(() => delete picture.sending));
  }

  async #sendWhole(picture: Picture, signal: AbortSignal): Promise<void> {
    const progress = (share: number) => {
      this.sentShare = Math.max(this.sentShare, share);
      this.#on.changed();
    };
    for (let attempt = 0; ;) {
      try {
        const upload = await this.#api!.upload(picture.file, { progress, signal });
        signal.throwIfAborted();
        picture.upload = upload;
        return;
      } catch (thrown) {
        const fault = asApiError(thrown);
        if (signal.aborted || isDefinite(fault, false) || attempt >= this.#pausesMs.length) throw fault;
        await pause(navigator.onLine ? this.#pausesMs[attempt++]! : untilOnlineMs, signal);
      }
    }
  }

  async #upload(draft: Orderable<Body>, picture: Picture): Promise<string | undefined> {
    try {
      if (!picture.upload) {
        this.#setStep('uploading');
        window.addEventListener('beforeunload', askBeforeLeaving);
        await (picture.sending ?? this.send(picture));
      }
      const { upload } = picture;
      if (!draft.confirmSize(upload!)) throw new ApiError('recheck_frame');
      this.#setStep('creating');
      return upload!.id;
    } catch (fault) {
      this.#setStep('idle');
      if (!this.#uploading?.signal.aborted) this.#on.failed(asApiError(fault));
      return undefined;
    } finally {
      window.removeEventListener('beforeunload', askBeforeLeaving);
    }
  }

  async #create(order: PendingOrder<Body>, wasSentBefore: boolean): Promise<ApiError | undefined> {
    const { signal } = this.#life;
    this.order = order;
    this.#setStep('creating');
    let hadSilence = wasSentBefore;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { job, balance } = await this.#api!.createJob(order, signal);
        if (signal.aborted) return undefined;
        this.#store!.clear(order.key);
        this.#setStep('idle');
        this.#on.created(job, balance);
        return undefined;
      } catch (thrown) {
        if (signal.aborted) return undefined;
        const fault = asApiError(thrown);
        if (isDefinite(fault, hadSilence)) {
          this.#store!.clear(order.key);
          return this.#fail('idle', fault);
        }
        hadSilence ||= fault.status !== 401;
        if (attempt >= this.#pausesMs.length) return this.#fail('unanswered', fault);
        await pause(Math.max(this.#pausesMs[attempt]!, Number(fault.facts.retryAfter ?? 0) * 1000), signal);
        if (signal.aborted) return undefined;
      }
    }
  }

  #fail(step: OrderStep, fault: ApiError): ApiError {
    this.#setStep(step);
    this.#on.failed(fault);
    return fault;
  }

  #setStep(step: OrderStep): void {
    this.step = step;
    this.#on.changed();
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
