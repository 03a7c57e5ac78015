import { Gauge, type Registry } from 'prom-client';
import { unhurried } from '../unhurried.ts';
import type { ProviderAccount } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

/** A scrape reads the database no more often than this; every node tells the same figures. */
const freshForMs = 5_000;
/** Prometheus gives up a scrape after ten seconds unless told otherwise; a silent database must not cost the rest of it. */
const answersWithinMs = 3_000;

export interface GaugeParts {
  registry: Registry;
  store: Pick<Store, 'counts' | 'queue' | 'read'>;
  accounts(): Promise<readonly ProviderAccount[]>;
  ledgerIsSound(): boolean;
  streamCount(): number;
  now(): number;
}

/**
 * What the whole installation looks like, read when it is asked for. While the database does not answer,
 * `covers_database_up` is 0 and what is read there is left out, for an old or invented value would be worse than a gap; the
 * rest is told as ever. Names are public: dashboards and alerts use them.
 */
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

  /** Null when the database did not answer. */
  const seen = unhurried(() => soon(look()).catch(() => null), { now, minAgeMs: freshForMs });
  type Seen = Awaited<ReturnType<typeof look>>;

  const fromDatabase = <Label extends string = never>(
    { name, help, labelNames = [] }: { name: string; help: string; labelNames?: Label[] },
    tell: (gauge: Gauge<Label>, known: Seen) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        const known = await seen();
        this.reset();
        if (known) tell(this, known);
        else if (labelNames.length === 0) this.remove();
      },
    });

  fromDatabase(
    { name: 'covers_open_jobs', help: 'Jobs that have not ended, by stage', labelNames: ['stage'] },
    (gauge, { stages }) => {
      for (const { stage, count } of stages) gauge.set({ stage }, count);
    },
  );
  const secondsSince = (times: number[]) => Math.max(0, now() - Math.min(Infinity, ...times)) / 1000;
  fromDatabase(
    { name: 'covers_oldest_open_job_seconds', help: 'Age of the oldest job that has not ended; 0 when there is none' },
    (gauge, { stages }) => gauge.set(secondsSince(stages.map(({ oldestMs }) => oldestMs))),
  );
  fromDatabase(
    {
      name: 'covers_worker_lateness_seconds',
      help: 'How long the most overdue step has been due, of jobs that left the queue',
    },
    (gauge, { stages }) => {
      const left = stages.filter(({ stage }) => stage !== 'queued');
      gauge.set(secondsSince(left.map(({ dueMs }) => dueMs)));
    },
  );

  const ofAccounts = (name: string, help: string, valueOf: (slot: Seen['slots'][0]) => number) =>
    fromDatabase({ name, help, labelNames: ['account'] }, (gauge, { slots }) => {
      for (const slot of slots) gauge.set({ account: slot.id }, valueOf(slot));
    });
  ofAccounts('covers_provider_slots', 'Tasks the account may hold at once', ({ concurrency }) => concurrency);
  ofAccounts('covers_provider_slots_used', 'Tasks it holds now', ({ used }) => used);
  ofAccounts('covers_provider_account_paused', '1 while the account waits for its operator', ({ paused }) =>
    Number(paused),
  );

  new Gauge({
    name: 'covers_database_up',
    help: '0 while the database does not answer; gauges that are read there are then left out',
    registers,
    async collect() {
      this.set(Number((await seen()) !== null));
    },
  });
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

async function soon<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), answersWithinMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
