import { Gauge, type Registry } from 'prom-client';
import type { ProviderAccount } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

/** A scrape reads the database at most this often; every node tells the same figures. */
const freshForMs = 5_000;

export interface GaugeParts {
  registry: Registry;
  store: Pick<Store, 'counts' | 'queue' | 'read'>;
  accounts(): Promise<readonly ProviderAccount[]>;
  ledgerIsSound(): boolean;
  streamCount(): number;
  now(): number;
}

/** What the whole installation looks like, read when it is asked for. Names are public: dashboards and alerts use them. */
export function addGauges({ registry, store, accounts, ledgerIsSound, streamCount, now }: GaugeParts): void {
  const registers = [registry];

  async function look() {
    const [stages, rows, used, known] = await Promise.all([
      store.counts.openByStage(),
      store.queue.providerAccounts(),
      store.queue.slotsUsedByAccount(store.read),
      accounts(),
    ]);
    const slots = known.map(({ id, concurrency }) => {
      const pausedUntil = rows.find((row) => row.id === id)?.pausedUntil ?? 0;
      return { id, concurrency, used: used.get(id) ?? 0, paused: pausedUntil > now() };
    });
    return { stages, slots };
  }

  let last = { at: -Infinity, seen: null as ReturnType<typeof look> | null };
  function seen(): ReturnType<typeof look> {
    if (!last.seen || now() - last.at > freshForMs) last = { at: now(), seen: look() };
    return last.seen!;
  }

  new Gauge({
    name: 'covers_open_jobs',
    help: 'Jobs that have not ended, by stage',
    labelNames: ['stage'] as const,
    registers,
    async collect() {
      this.reset();
      for (const { stage, count } of (await seen()).stages) this.set({ stage }, count);
    },
  });
  const secondsSince = (times: number[]) => Math.max(0, now() - Math.min(Infinity, ...times)) / 1000;
  new Gauge({
    name: 'covers_oldest_open_job_seconds',
    help: 'Age of the oldest job that has not ended; 0 when there is none',
    registers,
    async collect() {
      this.set(secondsSince((await seen()).stages.map(({ oldestMs }) => oldestMs)));
    },
  });
  new Gauge({
    name: 'covers_worker_lateness_seconds',
    help: 'How long the most overdue step has been due, of jobs that left the queue',
    registers,
    async collect() {
      const left = (await seen()).stages.filter(({ stage }) => stage !== 'queued');
      this.set(secondsSince(left.map(({ dueMs }) => dueMs)));
    },
  });

  const ofAccounts = (
    name: string,
    help: string,
    valueOf: (slot: Awaited<ReturnType<typeof look>>['slots'][0]) => number,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['account'] as const,
      registers,
      async collect() {
        this.reset();
        for (const slot of (await seen()).slots) this.set({ account: slot.id }, valueOf(slot));
      },
    });
  ofAccounts('covers_provider_slots', 'Tasks the account may hold at once', ({ concurrency }) => concurrency);
  ofAccounts('covers_provider_slots_used', 'Tasks it holds now', ({ used }) => used);
  ofAccounts('covers_provider_account_paused', '1 while the account waits for its operator', ({ paused }) =>
    Number(paused),
  );

  new Gauge({
    name: 'covers_ledger_sound',
    help: '0 while balances and entries disagree and no new job is taken',
    registers,
    collect() {
      this.set(Number(ledgerIsSound()));
    },
  });
  new Gauge({
    name: 'covers_event_streams',
    help: 'Event streams that this process holds open',
    registers,
    collect() {
      this.set(streamCount());
    },
  });
}
