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

/**
 * The streams of one seller on this page, of which the first is connected and tells the others. Under HTTP/1.1 a browser
 * has six connections for a host: with a connection each, the seventh element could ask nothing any more.
 */
type Line = Set<EventStream> & { isOpen?: boolean };
const lines: Record<string, Line> = {};

interface StreamSetup {
  api: Pick<CoverApi, 'events'>;
  /** Streams of the same owner share a connection. */
  owner: string;
  event: (event: ServerEvent) => void;
  /** Called at each connection: the moment to look for what happened while there was none. */
  open: () => void;
}

/** Runs until stopped. */
export class EventStream {
  readonly #on: StreamSetup;
  readonly #line: Line;
  #running: AbortController | undefined;
  #lastEventId: string | undefined;
  #pauseMs = firstPauseMs;

  constructor(on: StreamSetup) {
    this.#on = on;
    this.#line = lines[on.owner] ??= new Set();
  }

  /** Whether events are arriving now. */
  get isHealthy(): boolean {
    return this.#line.isOpen === true;
  }

  /** Starting twice is harmless. */
  start(): void {
    if (this.#running) return;
    this.#running = new AbortController();
    this.#line.add(this);
    void this.#run(this.#running.signal);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#line.delete(this);
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#pauseMs = firstPauseMs;
    while (!signal.aborted) {
      const [first] = this.#line;
      if (first === this) await this.#readOnce(signal).catch(() => undefined);
      else this.#pauseMs = firstPauseMs / 2;
      await pause(this.#pauseMs * (0.75 + Math.random() / 2), signal);
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    }
  }

  async #readOnce(signal: AbortSignal): Promise<void> {
    const connection = new AbortController();
    const close = () => connection.abort();
    let watchdog = setTimeout(close, silenceMs);
    try {
      const answer = await this.#on.api.events(this.#lastEventId, AbortSignal.any([signal, connection.signal]));
      const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
      const feed = createReader((event) => this.#receive(event));
      this.#pauseMs = firstPauseMs;
      this.#line.isOpen = true;
      this.#line.forEach((each) => each.#on.open());
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        clearTimeout(watchdog);
        watchdog = setTimeout(close, silenceMs);
        if (!signal.aborted) feed(chunk.value);
      }
    } finally {
      clearTimeout(watchdog);
      close();
      this.#line.isOpen = false;
    }
  }

  #receive({ event, id, data }: StreamEvent): void {
    if (id) this.#lastEventId = id;
    if (event === 'job' || event === 'balance') {
      this.#line.forEach((each) => each.#on.event({ event, data: JSON.parse(data) as never }));
    }
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
