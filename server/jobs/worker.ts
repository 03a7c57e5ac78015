import type { ProviderAccount } from '../providers/provider.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { createDoor, type BudgetedAccount } from './admit.ts';
import { createCollect } from './collect.ts';
import { createConfirm } from './confirm.ts';
import { leaseMs, type JobStage } from './job.ts';
import { createSteps } from './steps.ts';
import { clientOf, createSubmit, type SubmitParts } from './submit.ts';
import { createSweep } from './sweep.ts';
import type { probeClip } from '../media/clip.ts';
import type { Download } from '../media/download.ts';

/** How much of each kind of work is in hand at once. A sweep is cheap: one call answers for all its jobs. */
const maxSubmitsInHand = 16;
const maxDownloadsInHand = 4;
const maxJobsPerSweep = 500;
const idleMs = 500;

export interface WorkerParts extends Omit<SubmitParts, 'steps'> {
  store: Store;
  /** In the order in which jobs are offered to them; asked for in every round where it is a function. */
  accounts: BudgetedAccount[] | (() => Promise<BudgetedAccount[]>);
  download: Download;
  /** See `collect.ts`; left out everywhere but in the simulator, which asks once per file. */
  probe?: typeof probeClip;
  /** See `collect.ts`. */
  keepResults?: 'copy' | 'link';
}

/**
 * Carries jobs from stage to stage. `tick` does one round and waits for it: what tests call. `start` keeps going round
 * until `stop`, which lets steps in hand finish for `graceMs` and then cuts their calls; whatever was cut resumes from
 * its row at the next start.
 */
export function createWorker(parts: WorkerParts) {
  const { store, runtime, log } = parts;
  const steps = createSteps(parts);
  const submit = createSubmit({ ...parts, steps });
  const confirm = createConfirm({ ...parts, steps, submit });
  const sweep = createSweep({ ...parts, steps, pollIntervalMs: parts.settings.pollIntervalMs });
  const collect = createCollect({ ...parts, steps });
  const door = createDoor({ store, runtime, steps });
  let accounts = Array.isArray(parts.accounts) ? parts.accounts : [];

  const cut = new AbortController();
  const inHand = {
    submits: new Set<Promise<void>>(),
    downloads: new Set<Promise<void>>(),
    sweeps: new Set<Promise<void>>(),
  };
  let loop: Promise<void> | null = null;
  let stopping = false;
  let nudged = false;
  let wake = () => {};

  function nudge(): void {
    nudged = true;
    wake();
  }

  /** Runs a step for jobs it owns; a step that throws gives its jobs back to be tried later. */
  function launch(room: Set<Promise<void>>, jobs: JobRow[], step: () => Promise<void>): void {
    const running = step()
      .catch(async (fault: unknown) => {
        log.error({ jobIds: jobs.map((job) => job.id), err: fault }, 'a step failed and will be tried again');
        for (const job of jobs) await steps.retryLater(job);
      })
      .catch((fault: unknown) => log.error({ err: fault }, 'a job could not be given back; its lease will end'))
      .finally(() => {
        room.delete(running);
        nudge();
      });
    room.add(running);
  }

  async function claim() {
    const now = runtime.now();
    if (!(await store.queue.hasDue(now))) return { submits: [], downloads: [], sweeps: [] };
    return store.transaction(async (tx) => {
      const take = (stages: JobStage[], limit: number, maxAbandoned = limit) =>
        limit > 0 ? store.queue.claimDue(tx, { stages, limit, maxAbandoned, now, leaseMs }) : [];
      // Where the process died with jobs in hand, one of them may be the reason: they come back one by one.
      return {
        submits: await take(['submitting', 'confirming'], maxSubmitsInHand - inHand.submits.size, 1),
        downloads: await take(['saving'], maxDownloadsInHand - inHand.downloads.size, 1),
        sweeps: await take(['generating'], maxJobsPerSweep),
      };
    });
  }

  async function round(): Promise<void> {
    await door.turnAwayExpired();
    if (!Array.isArray(parts.accounts)) accounts = await parts.accounts();
    await door.admit(accounts);
    const claimed = await claim();
    for (const job of claimed.submits) {
      const step = job.stage === 'confirming' ? confirm : submit.submit;
      launch(inHand.submits, [job], async () => step(job, accountNamed(job.providerAccount), cut.signal));
    }
    for (const job of claimed.downloads)
      launch(inHand.downloads, [job], async () => collect(job, accountNamed(job.providerAccount), cut.signal));
    for (const [name, jobs] of Map.groupBy(claimed.sweeps, (job) => job.providerAccount)) {
      const account = accounts.find(({ id }) => id === name);
      for (const [client, alike] of Map.groupBy(jobs, (job) => account?.clientFor(job)))
        launch(inHand.sweeps, alike, async () => {
          if (!client) return void clientOf(accountNamed(name), alike[0]!);
          await sweep(alike, { account: accountNamed(name), client }, cut.signal);
        });
    }
  }

  /** A task can only be asked for where it was made; another account would answer "absent", and that would be believed. */
  function accountNamed(name: string | null): ProviderAccount {
    const account = accounts.find(({ id }) => id === name);
    if (!account) throw new Error(`jobs of the provider account ${name} wait for its credentials`);
    return account;
  }

  function settled(): Promise<unknown> {
    return Promise.all([...inHand.submits, ...inHand.downloads, ...inHand.sweeps]);
  }

  async function run(): Promise<void> {
    while (!stopping) {
      nudged = false;
      await round().catch((fault: unknown) => log.error({ err: fault }, 'a round of the worker failed'));
      if (!nudged && !stopping) await idle();
    }
  }

  function idle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, idleMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const unsubscribe = store.signals.subscribe(nudge);

  return {
    nudge,

    async tick(): Promise<void> {
      await round();
      await settled();
    },

    start(): void {
      loop ??= run();
    },

    async stop(graceMs: number): Promise<void> {
      stopping = true;
      unsubscribe();
      wake();
      await loop;
      const grace = setTimeout(() => cut.abort(), graceMs);
      await settled();
      clearTimeout(grace);
    },
  };
}

export type Worker = ReturnType<typeof createWorker>;
