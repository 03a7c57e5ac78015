/**
 * The port every generation service is reached through: start, find again, ask, list. A provider never decides what an
 * answer means for money; it only says, from a closed list, what is known.
 */

export type ProviderName = 'kling' | 'kie';
export type TaskKind = 'image-to-video' | 'text-to-video' | 'text-to-image' | 'image-to-image';

/** What decides which of a service's endpoints a task belongs to. */
export interface TaskSort {
  kind: TaskKind;
  model: string;
}

/** One clip or picture to make. Everything is already validated and priced. */
export interface TaskRequest extends TaskSort {
  /** Ours, unique for ever. Where the service knows such ids, it must be able to find the task by it. */
  externalId: string;
  /** The service's word for quality: `std`, `pro`, `720p`, `1k` …; empty where it has none. */
  mode: string;
  /** Such as `3:4`. What is made from a picture has the picture's own shape, which is this already. */
  aspectRatio: string;
  /** 0 for a picture. */
  seconds: number;
  sound: boolean;
  prompt: string;
  negativePrompt: string;
  /** The framed picture: bytes (JPEG or PNG), or a URL that the service can fetch; null where text is all. */
  picture: { bytes: Uint8Array } | { url: string } | null;
  /** Where status changes may be announced; left out when we are not reachable by https. */
  callbackUrl?: string;
}

/**
 * What became of one POST.
 * - `accepted`: a task exists and this is its id.
 * - `not-sent`: not a byte left us; the same request may go again.
 * - `busy`: no slot or too fast; no task was made; try later, no attempt used.
 * - `account-blocked`: credentials, permission, arrears or empty pack; no task was made; the account must wait for its operator.
 * - `refused`: a definite no to this very task.
 * - `exists`: the external id is taken, so a task of ours may be running: look it up.
 * - `unclear`: a timeout, a cut, a 5xx, an unreadable answer: the task may exist.
 */
export type SubmitOutcome =
  | { outcome: 'accepted'; taskId: string }
  | { outcome: 'not-sent'; reason: string }
  | { outcome: 'busy'; reason: string }
  | { outcome: 'account-blocked'; reason: string }
  | { outcome: 'refused'; because: 'content' | 'request'; reason: string }
  | { outcome: 'exists'; reason: string }
  | { outcome: 'unclear'; reason: string };

/** A task as the service reports it. `unknown` is any word we have no row for: it decides nothing. */
export interface ProviderTask {
  taskId: string;
  externalId: string | null;
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'unknown';
  /** The service's own words, for the admin only. */
  reason: string;
  /** Set on a failed task whose words say that picture or text was refused. */
  because?: 'content';
  /** Set when succeeded; hostile until downloaded through the safe downloader. */
  resultUrl: string | null;
}

/**
 * `absent` is the service's own definite "no such task"; everything short of an answer is `unclear`. `untraceable` is what
 * a service without client ids answers to a look-up by ours: only a callback can tell the task's own id.
 */
export type LookupOutcome =
  | { outcome: 'found'; task: ProviderTask }
  | { outcome: 'absent' }
  | { outcome: 'untraceable' }
  | { outcome: 'account-blocked'; reason: string }
  | { outcome: 'unclear'; reason: string };

export type ListOutcome =
  | { outcome: 'listed'; tasks: ProviderTask[]; complete: boolean }
  | { outcome: 'account-blocked'; reason: string }
  | { outcome: 'unclear'; reason: string };

/** None of these throws: every fault is an outcome. `signal` ends the call; a call it ended is `unclear` (or `not-sent`). */
export interface ProviderClient {
  submit(request: TaskRequest, signal: AbortSignal): Promise<SubmitOutcome>;
  findByExternalId(externalId: string, signal: AbortSignal): Promise<LookupOutcome>;
  findByTaskId(taskId: string, signal: AbortSignal): Promise<LookupOutcome>;
  /**
   * The newest tasks of the account, at most `limit`; `complete` says that there are no older ones. Left out where the
   * service has no list: its tasks are asked for one by one.
   */
  listNewest?(limit: number, signal: AbortSignal): Promise<ListOutcome>;
}

/** What the service accepts as a picture. */
export interface PictureRules {
  formats: ('jpeg' | 'png')[];
  maxBytes: number;
  minSide: number;
  /** Longer side divided by shorter side. */
  maxRatio: number;
}

/** One set of credentials at a provider, for what draws on one pack of it, with its own slots. */
export interface ProviderAccount {
  /** Stable name kept in job rows, such as `kling`. */
  id: string;
  provider: ProviderName;
  /** Tasks the service lets us hold at once. */
  concurrency: number;
  pictureRules: PictureRules;
  /** Finished files stay at the service for this long. */
  resultRetentionMs: number;
  /** The shortest time between two looks at its tasks; left out: the server's own. */
  pollIntervalMs?: number;
  /**
   * The client for such tasks: the same object for all tasks that one list shows. Null when these credentials cannot have
   * them made.
   */
  clientFor(task: TaskSort): ProviderClient | null;
  /** What `submit` would send for this request, to be shown; credentials are no part of it. Null where there is no client. */
  describe?(request: TaskRequest): SentRequest | null;
}

/** A request as it stands on the wire. */
export interface SentRequest {
  method: string;
  address: string;
  body: Record<string, unknown>;
}
