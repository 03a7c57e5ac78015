import type { Edit } from './rewrite.ts';

export interface KillPoint {
  name: string;
  /** Where the process dies. */
  meaning: string;
  /** Ways to be at that point; each run uses one. */
  places: readonly Edit[];
  /** What brings the server there; by default the ordinary traffic. `start`: it is passed before the first request. */
  reachedBy?: 'start' | 'fresh database' | 'sigterm';
  /** The latest arrival at which the process may be told to die. Default 3. */
  maxArrival?: number;
  onlyOn?: 'sqlite';
}

const die = (name: string) => `globalThis.killPoint('${name}');`;
const before = (name: string, file: string, find: string, when = ''): Edit => ({
  file,
  find,
  put: `${when}${die(name)} ${find}`,
});
const after = (name: string, file: string, find: string): Edit => ({ file, find, put: `${find} ${die(name)}` });

/**
 * The named moments of `facts/reliability-and-security.md`, section 3, as texts in our sources. The loop refuses to
 * start when one of them no longer stands there exactly once. A name is also what `--point` takes.
 */
export const killPoints: readonly KillPoint[] = [
  {
    name: 'K1',
    meaning: 'before the transaction that makes a job',
    places: [before('K1', 'server/jobs/service.ts', 'const made = await store.transaction(')],
  },
  {
    name: 'K2',
    meaning: 'inside it: between row and debit, and after the debit',
    places: [
      before('K2', 'server/jobs/service.ts', 'const debiting = store.ledger.debit('),
      after('K2', 'server/jobs/service.ts', 'const { balanceAfter: balance } = await debiting;'),
    ],
  },
  {
    name: 'K3',
    meaning: 'after its commit, before the answer',
    places: [before('K3', 'server/jobs/service.ts', 'return made;')],
  },
  {
    name: 'K4',
    meaning: 'after a claim',
    places: [
      before(
        'K4',
        'server/jobs/worker.ts',
        'for (const job of claimed.submits) {',
        'if (claimed.submits.length + claimed.downloads.length > 0) ',
      ),
    ],
  },
  {
    name: 'K5',
    meaning: 'after the intent is committed, before a byte leaves',
    places: [after('K5', 'server/jobs/submit.ts', 'if (!armed) return;')],
  },
  {
    name: 'K6',
    meaning: 'half of the POST body sent',
    places: [after('K6', 'server/providers/exchange.ts', "import { cleanText } from './vendor-text.ts';")],
  },
  {
    name: 'K7',
    meaning: 'the provider accepted, the answer is not read',
    places: [
      before(
        'K7',
        'server/providers/exchange.ts',
        'const text = await readText(',
        "if (method === 'POST' && response.statusCode === 200) ",
      ),
    ],
  },
  {
    name: 'K8',
    meaning: 'the answer is read, not stored',
    places: [
      before(
        'K8',
        'server/jobs/submit.ts',
        'switch (outcome.outcome) {',
        "if (outcome.outcome !== 'busy' && outcome.outcome !== 'not-sent') ",
      ),
    ],
  },
  {
    name: 'K9',
    meaning: "after the provider's id is stored",
    places: [after('K9', 'server/jobs/submit.ts', "await steps.advance(job, 'generating', facts);")],
  },
  {
    name: 'K10',
    meaning: 'the result of a poll is read, not stored',
    places: [before('K10', 'server/jobs/sweep.ts', "await steps.advance(job, 'saving',")],
  },
  {
    name: 'K11',
    meaning: 'in the middle of a download',
    places: [before('K11', 'server/media/download.ts', 'pace.earn(next.value.length);')],
  },
  {
    name: 'K12',
    meaning: 'a temporary file is durable and has no name yet',
    places: [before('K12', 'server/media/disk.ts', 'const wasThere = (await orNull(link(temporary, target)')],
    maxArrival: 6,
  },
  {
    name: 'K13',
    meaning: 'a file has its name, its row does not know it',
    places: [
      after('K13', 'server/media/disk.ts', 'await Promise.all(folders.map((at) => syncFolder(at)));'),
      before('K13', 'server/jobs/collect.ts', 'const done = await steps.advance('),
    ],
  },
  {
    name: 'K14',
    meaning: 'after done',
    places: [before('K14', 'server/jobs/collect.ts', "if (done && keepResults === 'copy') return;", 'if (done) ')],
  },
  {
    name: 'K15',
    meaning: 'inside the transaction of a refund',
    places: [
      before('K15', 'server/store/ledger.ts', "const row = await move(tx, 'refund',"),
      after('K15', 'server/store/ledger.ts', 'accountId: debit.accountId, amount: -debit.amount });'),
    ],
  },
  {
    name: 'K16',
    meaning: 'a callback is accepted, not noted',
    places: [before('K16', 'server/http/hooks.ts', 'const jobId = secrets.callbackTokens.verify(')],
  },
  {
    name: 'K17',
    meaning: 'inside recovery',
    places: [
      before('K17', 'server/compose.ts', 'await ledgerWatch.start();'),
      before('K17', 'server/compose.ts', 'worker.start();'),
      before('K17', 'server/media/disk.ts', 'const path = join(unfinished, name);'),
      before('K17', 'server/jobs/confirm.ts', 'return submit.accept('),
    ],
    reachedBy: 'start',
    maxArrival: 1,
  },
  {
    name: 'K18',
    meaning: 'inside a migration',
    places: [
      {
        file: 'server/store/sqlite.ts',
        find: 'migrate(drizzle(writer, { casing }), migrations);',
        put: `migrate(drizzle(writer, { casing, logger: { logQuery: () => ${die('K18').slice(0, -1)} } }), migrations);`,
      },
      {
        file: 'server/store/postgres.ts',
        find: 'const db = drizzle(client, { casing });',
        put: `const db = drizzle(client, { casing, logger: { logQuery: () => ${die('K18').slice(0, -1)} } });`,
      },
    ],
    reachedBy: 'fresh database',
    maxArrival: 40,
  },
  {
    name: 'K19',
    meaning: 'while the write-ahead log is copied into the database',
    places: [
      {
        file: 'server/store/write-queue.ts',
        find: 'commit.run();',
        put: "commit.run(); globalThis.killSoon('K19', () => connection.pragma('wal_checkpoint(TRUNCATE)'));",
      },
    ],
    maxArrival: 12,
    onlyOn: 'sqlite',
  },
  {
    name: 'K20',
    meaning: 'during the ordered stop',
    places: [
      after('K20', 'server/compose.ts', 'stopping = true;'),
      before('K20', 'server/compose.ts', 'await door?.close('),
      before('K20', 'server/compose.ts', 'await lastSteps;'),
      before('K20', 'server/compose.ts', 'await store.close();'),
    ],
    reachedBy: 'sigterm',
    maxArrival: 1,
  },
];

/**
 * Waits of minutes would make a job outlive dozens of kills: the rules of time of a job run at 25 times their speed, in
 * the same proportions, and the worker and the sweeper of temporary files with them.
 */
export const pace: readonly Edit[] = [
  { file: 'server/jobs/job.ts', find: 'const seconds = 1000;', put: 'const seconds = 40;' },
  { file: 'server/jobs/worker.ts', find: 'const idleMs = 500;', put: 'const idleMs = 20;' },
  {
    file: 'server/jobs/collect.ts',
    find: 'const downloadTimeoutMs = 3 * 60_000;',
    put: 'const downloadTimeoutMs = 2_000;',
  },
  {
    file: 'server/media/disk.ts',
    find: 'const leftoverAgeMs = 60 * 60 * 1000;',
    put: 'const leftoverAgeMs = 5_000;',
  },
];

/** How old a temporary file may be at a start, given `pace`. */
export const leftoverAgeMs = 5_000;
