import type { KieState } from './kie-steps.ts';
import type { KieTask } from './kie-tasks.ts';
import type { Fields, LoggedRequest } from './simulator-http.ts';

/** The simulated account's key when none is given. */
export const simulatedKieKey = 'simulated-kie-key';

/** Everything that can be set; each default is given behind its line. Times are in milliseconds. */
export type KieSimulatorOptions = {
  /** 0: any free port. */
  port?: number;
  /** '127.0.0.1'. */
  host?: string;
  /** The address inside result and upload links; that of the server. */
  publicUrl?: string;
  /** 'simulated-kie-key'. */
  apiKey?: string;
  /** Signs callbacks; null, unsigned. */
  webhookKey?: string | null;
  /** Waits between delivery attempts of a callback; [500, 2000, 8000]. */
  callbackRetryDelaysMs?: number[];
  /** 2000. */
  waitingMs?: number;
  /** 8000. */
  processingMs?: number;
  /** 'real' films and draws what was asked; 'tiny' serves small results of the same shape. 'real'. */
  video?: 'real' | 'tiny';
  /** The balance at the start; 5000. */
  credits?: number;
  /** Tasks at once; 100. */
  concurrency?: number;
  /** Creates in ten seconds; 20. */
  createsPerTenSeconds?: number;
  /** Queries in a second; no limit, although the vendor's page says 10: a clock that stands still would count them all. */
  queriesPerSecond?: number;
  /** Model names refused as paused from the start; every sora-2 name. */
  paused?: readonly string[];
  /**
   * Whether pictures on private hosts (this machine, this network) can be fetched; false, as the vendor's servers.
   * The simulator's own file host can always be reached.
   */
  reachPrivateHosts?: boolean;
  /** Refuse unknown input fields; false, as Kie.ai. */
  strict?: boolean;
  /** How long a result address is good after the task ended; 24 hours. */
  urlLifetimeMs?: number;
  /** Where results are kept for the next start; a folder in the system's temporary directory. */
  resultDirectory?: string;
  /** Milliseconds since 1970; `Date.now`. With a clock of your own, call `advance` after moving it. */
  clock?: () => number;
};

/** What tests and humans may see of a task. */
export type SimulatedKieTask = {
  id: string;
  model: string;
  prompt: string;
  input: Fields;
  state: KieState;
  failCode: string | null;
  failMsg: string | null;
  callBackUrl: string | null;
  credits: number;
  createdAtMs: number;
  completedAtMs: number | null;
  reads: number;
  downloads: number;
};

/** A running simulator. */
export type KieSimulator = {
  url: string;
  /** The file host; the same server. */
  uploadUrl: string;
  port: number;
  apiKey: string;
  webhookKey: string | null;
  /** Every task of the account, oldest first. */
  tasks(): SimulatedKieTask[];
  /** Create requests that carried this prompt and a valid key, refused ones included. */
  postsFor(prompt: string): number;
  /** The last ten thousand requests, oldest first. */
  readonly log: readonly LoggedRequest[];
  /** The balance. */
  credits(): number;
  setCredits(amount: number): void;
  /** From now on this model is refused as paused. */
  pause(model: string): void;
  /** From now on this model works again. */
  unpause(model: string): void;
  /** Applies the changes that are due and sends their callbacks. */
  advance(): void;
  /** Ends every connection, timer and thread. */
  close(): Promise<void>;
};

/** Copies what may be seen. */
export function visibleKieTask(task: KieTask): SimulatedKieTask {
  const { id, model, prompt, input, state, failure, callBackUrl, credits } = task;
  const { createdAtMs, completedAtMs, reads, downloads } = task;
  return {
    id,
    model,
    prompt,
    input,
    state,
    failCode: failure?.failCode ?? null,
    failMsg: failure?.failMsg ?? null,
    callBackUrl,
    credits,
    createdAtMs,
    completedAtMs,
    reads,
    downloads,
  };
}
