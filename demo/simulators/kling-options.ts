import type { KlingKeys } from './kling-auth.ts';
import type { LoggedRequest } from './simulator-http.ts';
import type { Product, Task } from './kling-tasks.ts';

/** Credentials of the simulated account when none are given. */
export const simulatedKeys: KlingKeys = {
  accessKey: 'simulated-access-key',
  secretKey: 'simulated-secret-key-of-32-letters',
  apiKey: 'api-key-kling-simulated',
};

/** Everything that can be set; each default is given behind its line. Times are in milliseconds. */
export type KlingSimulatorOptions = Partial<KlingKeys> & {
  /** 0: any free port. */
  port?: number;
  /** '127.0.0.1'. */
  host?: string;
  /** The address inside result links; that of the server. */
  publicUrl?: string;
  /** Slots per video model version; 5. */
  concurrency?: number;
  /** Slots per picture model version; a picture takes one. 9. */
  imageConcurrency?: number;
  /** Resource packs of the account; without one its endpoints refuse with 429 / 1102. ['video', 'image']. */
  packs?: readonly Product[];
  /** 2000. */
  submittedMs?: number;
  /** 8000. */
  processingMs?: number;
  /**
   * 'real' films or places the picture that was sent; 'tiny' serves a small clip or picture of the same shape (and
   * length), made once. 'real'.
   */
  video?: 'real' | 'tiny';
  /** Refuse unknown body fields; false, as Kling. */
  strict?: boolean;
  /** `whsec_…` signs callbacks; null, unsigned. */
  webhookSecret?: string | null;
  /** Waits between delivery attempts of a callback; [500, 2000, 8000]. */
  callbackRetryDelaysMs?: number[];
  /** How long a result address is good after the task ended; 30 days. */
  urlLifetimeMs?: number;
  /** Allowed difference between a token's times and the clock; 1000. */
  jwtLeewayMs?: number;
  /** Code for discontinued models, which was never recorded; 1201. */
  discontinuedCode?: number;
  /** Model names refused from the start, picture models behind `images/`; those believed retired in September 2026. */
  discontinued?: readonly string[];
  /** Where clips and pictures are kept for the next start; a folder in the system's temporary directory. */
  clipDirectory?: string;
  /** Milliseconds since 1970; `Date.now`. With a clock of your own, call `advance` after moving it. */
  clock?: () => number;
};

/** What tests and humans may see of a task. */
export type SimulatedTask = Pick<
  Task,
  | 'id'
  | 'externalId'
  | 'generation'
  | 'family'
  | 'product'
  | 'modelVersion'
  | 'slots'
  | 'sound'
  | 'multiShot'
  | 'prompt'
  | 'status'
  | 'statusMessage'
  | 'downloads'
> & { callbackUrl: string | null; createdAtMs: number; updatedAtMs: number };

/** A running simulator. */
export type KlingSimulator = KlingKeys & {
  url: string;
  port: number;
  /** Every task of the account, oldest first. */
  tasks(): SimulatedTask[];
  /** Create requests that carried this external id and valid credentials, refused ones included. */
  postsFor(externalId: string): number;
  /** The last ten thousand requests, oldest first. */
  readonly log: readonly LoggedRequest[];
  /** From now on this model name is refused as discontinued; a picture model is named `images/kling-v3`. */
  discontinue(modelName: string): void;
  /** Slots per model version of that product ('video') from now on. */
  setConcurrency(slots: number, product?: Product): void;
  /** The account's resource packs from now on. */
  setPacks(products: readonly Product[]): void;
  /** Applies the status changes that are due and sends their callbacks. */
  advance(): void;
  /** Ends every connection, timer and thread. */
  close(): Promise<void>;
};

/** Copies what may be seen. */
export function visibleTask(task: Task): SimulatedTask {
  const { id, externalId, generation, family, product, modelVersion, slots, sound, multiShot, prompt } = task;
  const { status, statusMessage, downloads, callbackUrl, createdAtMs, updatedAtMs } = task;
  return {
    id,
    externalId,
    generation,
    family,
    product,
    modelVersion,
    slots,
    sound,
    multiShot,
    prompt,
    status,
    statusMessage,
    downloads,
    callbackUrl,
    createdAtMs,
    updatedAtMs,
  };
}
