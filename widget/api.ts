/** The HTTP client of the widget. Every method throws ApiError; none of them logs, and tokens never leave the header. */
import type { CreatedJob, CreateJob, Job, Session, Upload } from '../server/contract.ts';
import { ApiError, asApiError, problemError } from './api-error.ts';
import { toJson } from './plain-json.ts';
import type { TokenSource } from './token-source.ts';

const answerTimeoutMs = 30_000;
const jobPath = (id: string) => `/v1/jobs/${encodeURIComponent(id)}`;

/** One request below the base URL. */
export interface Call {
  method?: string;
  headers?: Record<string, string>;
  json?: unknown;
  signal?: AbortSignal | undefined;
}

/** Talks to one server as one seller. */
export class CoverApi {
  readonly server: string;
  readonly #tokens: TokenSource;
  readonly #language: () => string;

  /** `server` is the base URL; it may have a path. `language` decides in which language preset titles come. */
  constructor(setup: { server: string; tokens: TokenSource; language: () => string }) {
    this.server = setup.server.replace(/\/+$/, '');
    this.#tokens = setup.tokens;
    this.#language = setup.language;
  }

  session(signal?: AbortSignal): Promise<Session> {
    return this.json('/v1/session', { signal });
  }

  async listCovers(limit: number, signal?: AbortSignal): Promise<Job[]> {
    const page = await this.json<{ items: Job[] }>(`/v1/jobs?kind=image-to-video&limit=${limit}`, { signal });
    return page.items;
  }

  async job(id: string, signal?: AbortSignal): Promise<Job> {
    return (await this.json<{ job: Job }>(jobPath(id), { signal })).job;
  }

  /** The same key with the same body is the same purchase, however often it is sent. */
  createJob(order: { key: string; body: CreateJob }, signal?: AbortSignal): Promise<CreatedJob> {
    const headers = { 'Idempotency-Key': order.key };
    return this.json('/v1/jobs', { method: 'POST', headers, json: order.body, signal });
  }

  cancel(id: string): Promise<CreatedJob> {
    return this.json(`${jobPath(id)}/cancel`, { method: 'POST' });
  }

  async remove(id: string): Promise<void> {
    await this.send(jobPath(id), { method: 'DELETE' });
  }

  /** The open event stream; its life is the caller's business. */
  events(lastEventId: string | undefined, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (lastEventId) headers['Last-Event-ID'] = lastEventId;
    return this.send('/v1/events', { headers, signal }, Infinity);
  }

  /** Sends the file's bytes as they are. `onProgress` gets the sent share, 0 to 1. */
  async upload(file: File, on: { progress: (share: number) => void; signal: AbortSignal }): Promise<Upload> {
    const answer = await this.#asSeller((token) => this.#sendFile(file, { ...on, token }));
    if (answer.status !== 201) throw problemError(answer.status, answer.responseText);
    return readJson<{ upload: Upload }>(answer.responseText).upload;
  }

  /** fetch cannot tell how much of a body has left the machine; XMLHttpRequest can. */
  #sendFile(file: File, on: { progress: (share: number) => void; signal: AbortSignal; token: string }) {
    return new Promise<XMLHttpRequest>((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', `${this.server}/v1/uploads`);
      request.setRequestHeader('Authorization', `Bearer ${on.token}`);
      request.setRequestHeader('Content-Type', file.type);
      request.upload.onprogress = (event) => on.progress(event.loaded / event.total);
      request.onload = () => resolve(request);
      request.onerror = request.onabort = () => reject(new ApiError('network'));
      request.send(file);
      const stop = () => request.abort();
      on.signal.addEventListener('abort', stop);
      if (on.signal.aborted) stop();
    });
  }

  /** The JSON of an answer that was a success. */
  async json<T>(path: string, call: Call): Promise<T> {
    const answer = await this.send(path, call);
    return readJson(await answer.text().catch((fault: unknown) => Promise.reject(asApiError(fault))));
  }

  /** Any call with the seller's token, which is renewed once when the server refuses it. */
  async send(path: string, call: Call, timeoutMs = answerTimeoutMs): Promise<Response> {
    const answer = await this.#asSeller((token) => this.#fetch(path, call, { token, timeoutMs }));
    if (!answer.ok) throw problemError(answer.status, await answer.text().catch(() => ''));
    return answer;
  }

  async #asSeller<T extends { status: number }>(ask: (token: string) => Promise<T>): Promise<T> {
    const token = await this.#tokens.get();
    const answer = await ask(token);
    return answer.status === 401 ? ask(await this.#tokens.get(token)) : answer;
  }

  async #fetch(
    path: string,
    call: Call,
    { token, timeoutMs }: { token: string; timeoutMs: number },
  ): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': this.#language() };
    if (call.json !== undefined) headers['Content-Type'] = 'application/json';
    const signals = [call.signal, timeoutMs === Infinity ? undefined : AbortSignal.timeout(timeoutMs)];
    try {
      return await fetch(this.server + path, {
        method: call.method ?? 'GET',
        headers: { ...headers, ...call.headers, Authorization: `Bearer ${token}` },
        body: call.json === undefined ? null : toJson(call.json),
        signal: AbortSignal.any(signals.filter((signal) => signal !== undefined)),
        credentials: 'omit',
        cache: 'no-store',
      });
    } catch (fault) {
      call.signal?.throwIfAborted();
      throw asApiError(fault);
    }
  }
}

function readJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ApiError('bad_answer', { cause });
  }
}
