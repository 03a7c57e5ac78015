import type { ListOutcome, ProviderAccount, ProviderTask, TaskSort } from '../providers/provider.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Finding } from './finding.ts';
import { told } from './told.ts';

const listedTasks = 500;
const listTimeoutMs = 60_000;
const ourPrefix = 'kvc-';
/** A lost task alarms for a day; nothing can be done about it, so later it is only told. */
const alarmMs = 24 * 3_600_000;
const id = 'orphans';

interface OrphanParts {
  store: Store;
  account: ProviderAccount;
  now: number;
  /** Makes the jobs of findable tasks due now. Without it nothing is written. */
  adopt: boolean;
}

/** One of what each list shows. */
const listedSorts: readonly TaskSort[] = [
  { kind: 'image-to-video', model: 'kling-v2-6' },
  { kind: 'text-to-video', model: 'kling-v2-6' },
  { kind: 'image-to-video', model: 'kling-2.6' },
  { kind: 'text-to-image', model: 'kling-v3' },
];

/** A task of ours, with the job that its external id names. */
interface Pair {
  task: ProviderTask;
  job: JobRow | undefined;
}

/**
 * Compares the newest tasks of a provider account with our jobs. After a restored backup, or with two servers on one
 * account, the provider holds tasks that no job knows. The list is read first: a job's row is always older than its task.
 */
export async function checkOrphans({ store, account, now, adopt }: OrphanParts): Promise<Finding[]> {
  const answer = await listAll(account);
  if (answer.outcome !== 'listed')
    return [told(id, 'warning', (words) => words.tasksUnlisted(account.id, answer.reason))];
  const tasks = answer.tasks.filter((task) => task.externalId?.startsWith(ourPrefix));
  const jobs = await store.audit.byExternalIds(tasks.map((task) => task.externalId!));
  const pairs = tasks.map((task): Pair => ({ task, job: jobs.get(task.externalId!) }));

  const known = pairs.filter(({ task, job }) => job?.providerTaskId === task.taskId || isInHand(job, now));
  const strange = pairs.filter((pair) => !known.includes(pair));
  const findable = strange.filter(({ job }) => job && job.providerTaskId === null && isOpen(job));
  const findings = [...aboutLost(strange, now), ...aboutTwice(strange)];
  if (findable.length > 0) findings.push(adopt ? await adoptAll(store, findable, now) : aboutFindable(findable));
  if (findings.length > 0) return findings;
  return [told(id, 'ok', (words) => words.tasksWell(tasks.length, account.id))];
}

/** The newest tasks of every list of the account, each once. A list that gives no answer is the answer. */
async function listAll(account: ProviderAccount): Promise<ListOutcome> {
  const tasks = new Map<string, ProviderTask>();
  let complete = true;
  for (const client of new Set(listedSorts.map((sort) => account.clientFor(sort)))) {
    const answer = await client?.listNewest?.(listedTasks, AbortSignal.timeout(listTimeoutMs));
    if (answer && answer.outcome !== 'listed') return answer;
    for (const task of answer?.tasks ?? []) tasks.set(task.taskId, task);
    complete &&= answer?.complete ?? true;
  }
  return { outcome: 'listed', tasks: [...tasks.values()], complete };
}

const isOpen = (job: JobRow) => job.status === 'pending' || job.status === 'processing';
const nameOf = ({ task }: Pair) => `${task.taskId} (${task.externalId}, ${task.state})`;

/** A worker is talking to the provider about this very job. */
function isInHand(job: JobRow | undefined, now: number): boolean {
  return job !== undefined && isOpen(job) && job.providerTaskId === null && job.leaseUntil > now;
}

function aboutLost(strange: Pair[], now: number): Finding[] {
  const lost = strange.filter(({ job }) => !job || (job.providerTaskId === null && !isOpen(job)));
  const isFresh = (pair: Pair) => now - madeAtMs(pair.task.externalId!) < alarmMs;
  return [
    { state: 'failed' as const, pairs: lost.filter(isFresh) },
    { state: 'warning' as const, pairs: lost.filter((pair) => !isFresh(pair)) },
  ]
    .filter(({ pairs }) => pairs.length > 0)
    .map(({ state, pairs }) => told(id, state, (words) => words.tasksLost(pairs.map(nameOf))));
}

function aboutTwice(strange: Pair[]): Finding[] {
  const twice = strange.filter(({ job }) => job && job.providerTaskId !== null);
  if (twice.length === 0) return [];
  return [told(id, 'failed', (words) => words.tasksTwice(twice.map(nameOf)))];
}

function aboutFindable(findable: Pair[]): Finding {
  return told(id, 'warning', (words) => words.tasksFindable(findable.map(nameOf)));
}

async function adoptAll(store: Store, findable: Pair[], now: number): Promise<Finding> {
  const ids = findable.map(({ job }) => job!.id);
  const made = await store.transaction(async (tx) => {
    const rows = [];
    for (const jobId of ids) rows.push(await store.jobs.adopt(tx, { id: jobId, now }));
    return rows.filter((row) => row !== null);
  });
  return told(id, 'ok', (words) => words.tasksAdopted(made.map((job) => job.id)));
}

/** When the job of an external id was made: the first 48 bits of a UUIDv7 (RFC 9562). Now, as far as it cannot be read. */
function madeAtMs(externalId: string): number {
  const [, high, low] = /^kvc-([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(externalId) ?? [];
  return high === undefined || low === undefined ? Infinity : Number.parseInt(high + low, 16);
}
