import type { ProviderAccount } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { createLoop } from '../loop.ts';
import { createDoor, type BudgetedAccount } from './admit.ts';
import { createCollect } from './collect.ts';
import { createConfirm } from './confirm.ts';
import { leaseMs, nextLooks, type JobStage } from './job.ts';
import { createSteps, type JobInHand } from './steps.ts';
import { clientOf, createSubmit, pollIntervalOf, type SubmitParts } from './submit.ts';
import { createSweep } from './sweep.ts';
import type { probeClip } from '../media/clip.ts';
import type { Download } from '../media/download.ts';

/** How much of each kind of work is in hand at once. A look is cheap: one list answers for all jobs of an account. */
const maxSubmitsInHand = 16;
const maxDownloadsInHand = 4;
/** One statement may hold the event loop and, on SQLite, all other writers up for so many rows. */
const looksAtOnce = 1_000;
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
    looks: new Map<string, Set<Promise<void>>>(),
  };
  const loop = createLoop({
    round,
    onFault: (fault) => log.error({ err: fault }, 'a round of the worker failed'),
    idleMs,
    now: runtime.now,
  });

  /** Runs a step for jobs it owns; a step that throws gives its jobs back to be tried later. */
  function launch(room: Set<Promise<void>>, jobs: JobInHand[], step: () => Promise<void>): void {
    const running = step()
      .catch(async (fault: unknown) => {
        log.error({ jobIds: jobs.map((job) => job.id), err: fault }, 'a step failed and will be tried again');
        for (const job of jobs) await steps.retryLater(job);
      })
      .catch((fault: unknown) => log.error({ err: fault }, 'a job could not be given back; its lease will end'))
      .finally(() => {
        room.delete(running);
        loop.nudge();
      });
    room.add(running);
  }

  function claim() {
    const now = runtime.now();
    return store.transaction(async (tx) => {
      // Where the process died with jobs in hand, one of them may be the reason: they come back one by one.
      const take = (stages: JobStage[], limit: number) =>
        limit > 0 ? store.queue.claimDue(tx, { stages, limit, maxAbandoned: 1, now, leaseMs }) : [];
      return {
        submits: await take(['submitting', 'confirming'], maxSubmitsInHand - inHand.submits.size),
        downloads: await take(['saving'], maxDownloadsInHand - inHand.downloads.size),
      };
    });
  }

  async function carryOn(): Promise<number> {
    const claimed = await claim();
    for (const job of claimed.submits) {
      const step = job.stage === 'confirming' ? confirm : submit.submit;
      launch(inHand.submits, [job], async () => step(job, accountNamed(job.providerAccount), cut.signal));
    }
    for (const job of claimed.downloads)
      launch(inHand.downloads, [job], async () => collect(job, accountNamed(job.providerAccount), cut.signal));
    return claimed.submits.length + claimed.downloads.length;
  }

  /** Looks at all that is due at an account; at one that is being looked at, when that has ended. */
  async function lookAt(name: string): Promise<number> {
    const room = inHand.looks.get(name) ?? new Set();
    if (room.size > 0) return 0;
    inHand.looks.set(name, room);
    const now = runtime.now();
    const account = accounts.find(({ id }) => id === name);
    const next = nextLooks(now, pollIntervalOf(account ?? {}, parts.settings.pollIntervalMs));
    const look = { providerAccount: name, now, limit: looksAtOnce, next };
    const jobs = [];
    for (let isMore = true; isMore;) {
      const taken = await store.transaction((tx) => store.queue.takeLooks(tx, look));
      jobs.push(...taken);
      isMore = taken.length === looksAtOnce;
    }
    for (const [client, alike] of Map.groupBy(jobs, (job) => account?.clientFor(job)))
      launch(room, alike, async () => {
        if (!client) return void clientOf(accountNamed(name), alike[0]!);
        await sweep(alike, { account: accountNamed(name), client }, cut.signal);
      });
    return jobs.length;
  }

  /** Answers whether there was anything to do. */
  async function round(): Promise<boolean> {
    await door.turnAwayExpired();
    if (!Array.isArray(parts.accounts)) accounts = await parts.accounts();
    let found = await door.admit(accounts);
    const due = await store.queue.due(runtime.now());
    const atProvider = due.filter(({ stage }) => stage === 'generating');
    if (atProvider.length < due.length) found += await carryOn();
    for (const { providerAccount } of atProvider) if (providerAccount !== null) found += await lookAt(providerAccount);
    return found > 0;
  }

  /** A task can only be asked for where it was made; another account would answer "absent", and that would be believed. */
  function accountNamed(name: string | null): ProviderAccount {
    const account = accounts.find(({ id }) => id === name);
    if (!account) throw new Error(`jobs of the provider account ${name} wait for its credentials`);
    return account;
  }

  function settled(): Promise<unknown> {
    const looks = [...inHand.looks.values()].flatMap((room) => [...room]);
    return Promise.all([...inHand.submits, ...inHand.downloads, ...looks]);
  }

  const unsubscribe = store.signals.subscribe(loop.wake);

  return {
    nudge: loop.nudge,

    async tick(): Promise<void> {
      await round();
      await settled();
    },

    start: loop.start,

    async stop(graceMs: number): Promise<void> {
      unsubscribe();
      await loop.stop();
      const grace = setTimeout(() => cut.abort(), graceMs);
      await settled();
      clearTimeout(grace);
    },
  };
}

export type Worker = ReturnType<typeof createWorker>;
