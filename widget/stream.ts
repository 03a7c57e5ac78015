/**
 * Server-Sent Events over fetch, because EventSource cannot send an Authorization header. Reconnects with a growing
 * pause and `Last-Event-ID`, and asks for a fresh token each time (the server closes the stream when one ends).
 */
import type { ServerEvent } from '../server/contract.ts';
import type { CoverApi } from './api.ts';
import { createReader, type StreamEvent } from './sse.ts';

const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** A connection can die without a sign (sleep, lost Wi-Fi); servers send comments more often than this. */
const silenceMs = 75_000;

/** Runs until stopped. `isHealthy` says whether events are arriving now. */
export class EventStream {
  isHealthy = false;
  readonly #api: Pick<CoverApi, 'events'>;
  readonly #onEvent: (event: ServerEvent) => void;
  readonly #onOpen: () => void;
  #running: AbortController | undefined;
  #lastEventId: string | undefined;
  #pauseMs = firstPauseMs;

  /** `onOpen` is called at each connection: the moment to look for what happened while there was none. */
  constructor(on: { api: Pick<CoverApi, 'events'>; event: (event: ServerEvent) => void; open: () => void }) {
    this.#api = on.api;
    this.#onEvent = on.event;
    this.#onOpen = on.open;
  }

  /** Starting twice is harmless. */
  start(): void {
    if (this.#running) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.isHealthy = false;
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#pauseMs = firstPauseMs;
    while (!signal.aborted) {
      await this.#readOnce(signal).catch(() => undefined);
      this.isHealthy = false;
      await pause(this.#pauseMs * (0.75 + Math.random() / 2), signal);
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    }
  }

  async #readOnce(signal: AbortSignal): Promise<void> {
    const connection = new AbortController();
    const close = () => connection.abort();
    let watchdog = setTimeout(close, silenceMs);
    try {
      const answer = await this.#api.events(this.#lastEventId, AbortSignal.any([signal, connection.signal]));
      const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
      const feed = createReader((event) => this.#receive(event));
      this.isHealthy = true;
      this.#pauseMs = firstPauseMs;
      this.#onOpen();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        clearTimeout(watchdog);
        watchdog = setTimeout(close, silenceMs);
        if (!signal.aborted) feed(chunk.value);
      }
    } finally {
      clearTimeout(watchdog);
      close();
    }
  }

  #receive({ event, id, data }: StreamEvent): void {
    if (id) this.#lastEventId = id;
    if (event === 'job' || event === 'balance') this.#onEvent({ event, data: JSON.parse(data) as never });
  }
}

/** Resolves after the time, at the abort, or when the network is back, whichever comes first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener('online', end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
