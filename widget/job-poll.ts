/** The second way to learn about open jobs, for when the event stream is slow, blocked by a proxy, or lies. */
import type { Job } from '../server/contract.ts';

/** How often open jobs are read. The stream tells of changes only, so the percentage of a long step moves by this too. */
export const pollEveryMs = { withStream: 10_000, withoutStream: 5000 };

interface PollSetup {
  read: (id: string) => Promise<Job>;
  openIds: () => string[];
  isStreamHealthy: () => boolean;
  onJob: (job: Job) => void;
  everyMs?: typeof pollEveryMs;
}

/** Reads every open job in turn; asks nothing of the server while none is open. */
export class JobPoll {
  readonly #setup: PollSetup;
  readonly #everyMs: typeof pollEveryMs;
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastReadAtMs = 0;
  #isReading = false;

  constructor(setup: PollSetup) {
    this.#setup = setup;
    this.#everyMs = setup.everyMs ?? pollEveryMs;
  }

  start(): void {
    this.#lastReadAtMs = performance.now();
    this.#timer ??= setInterval(() => void this.#tick(), this.#everyMs.withoutStream / 5);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #tick(): Promise<void> {
    const { withStream, withoutStream } = this.#everyMs;
    const dueMs = this.#lastReadAtMs + (this.#setup.isStreamHealthy() ? withStream : withoutStream);
    if (this.#isReading || performance.now() < dueMs) return;
    this.#isReading = true;
    await this.readNow();
    this.#isReading = false;
  }

  /** Reads all open jobs at once; a failed read is left to the next turn. */
  async readNow(): Promise<void> {
    this.#lastReadAtMs = performance.now();
    for (const id of this.#setup.openIds()) {
      const job = await this.#setup.read(id).catch(() => undefined);
      if (job && this.#timer !== undefined) this.#setup.onJob(job);
    }
  }
}
