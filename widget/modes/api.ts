/** The calls only the modes make, on top of the client of the widget. Every method throws ApiError. */
import type {
  Batch,
  CreateBatch,
  CreatedJob,
  CreateJob,
  Group,
  Job,
  JobKind,
  SceneRequest,
  Scenes,
  Share,
  Upload,
} from '../../server/contract.ts';
import type { CoverApi } from '../api.ts';

/** Which jobs a list has. `q`: words of the prompt or the title. */
export interface JobFilter {
  kind?: JobKind | undefined;
  groupId?: string | undefined;
  /** Only variants of this job. */
  parentId?: string | undefined;
  q?: string | undefined;
}

/** One page, newest first; `nextCursor` is null on the last. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

interface PageRequest {
  limit?: number;
  cursor?: string | undefined;
  signal?: AbortSignal | undefined;
}

const path = (id: string) => `/v1/jobs/${encodeURIComponent(id)}`;

function query(words: Record<string, string | number | undefined>): string {
  const said = Object.entries(words).filter((word): word is [string, string | number] => Boolean(word[1]));
  return new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
}

/** Talks as the seller that is signed in when the mode is opened. */
export class ModeApi {
  readonly #core: CoverApi;

  /** Base URL of the server. */
  get server(): string {
    return this.#core.server;
  }

  constructor(core: CoverApi) {
    this.#core = core;
  }

  jobs(filter: JobFilter, { limit = 24, cursor, signal }: PageRequest = {}): Promise<Page<Job>> {
    return this.#core.json(`/v1/jobs?${query({ ...filter, limit, cursor })}`, { signal });
  }

  job(id: string, signal?: AbortSignal): Promise<Job> {
    return this.#core.job(id, signal);
  }

  groups({ limit = 100, cursor, signal }: PageRequest = {}): Promise<Page<Group>> {
    return this.#core.json(`/v1/groups?${query({ limit, cursor })}`, { signal });
  }

  /** The same key with the same body is the same purchase, however often it is sent. */
  createJob(order: { key: string; body: CreateJob }, signal?: AbortSignal): Promise<CreatedJob> {
    return this.#core.createJob(order, signal);
  }

  /** Sends the file's bytes as they are. `progress` gets the sent share, 0 to 1. */
  upload(file: File, on: { progress: (share: number) => void; signal: AbortSignal }): Promise<Upload> {
    return this.#core.upload(file, on);
  }

  scenes(request: SceneRequest, signal?: AbortSignal): Promise<Scenes> {
    return this.#core.json('/v1/scenes', { method: 'POST', json: request, signal });
  }

  /** With `dryRun` nothing is made; without it the same key and body are the same purchase. */
  createBatch(order: { key: string; body: CreateBatch }, signal?: AbortSignal): Promise<Batch> {
    const headers = { 'Idempotency-Key': order.key };
    return this.#core.json('/v1/batches', { method: 'POST', headers, json: order.body, signal });
  }

  /** Makes the public link, or answers the one there is. */
  async share(jobId: string): Promise<Share> {
    return (await this.#core.json<{ share: Share }>(`${path(jobId)}/share`, { method: 'POST' })).share;
  }

  /** Ends the public link. */
  async endShare(jobId: string): Promise<void> {
    await this.#core.send(`${path(jobId)}/share`, { method: 'DELETE' });
  }
}
