import { createHash } from 'node:crypto';
import { jobStages, openStatuses, slotStages, stageSources, type JobStage, type JobStatus } from '../jobs/job.ts';
import type { TaskRequest } from '../providers/provider.ts';
import type { StoredClip, StoredPicture } from '../store/schema.ts';
import type { Book, JobFacts } from './book.ts';
import type { ClipFiles } from './clips.ts';
import type { Here, Life } from './life.ts';
import type { SimulatedProvider, SimulatedTask } from './provider.ts';
import type { Simulation } from './simulation.ts';
import type { VirtualFiles } from './virtual-files.ts';

const retentionMs = 30 * 24 * 3_600_000;
const largestAmount = 1e12;
/** How old the newest look-up may be when a job is ended on it. */
const lookUpMs = 30_000;
/** By how much a lease must outlive the POST it covers. */
const leaseMarginMs = 60_000;

interface World {
  simulation: Simulation;
  book: Book;
  clips: ClipFiles;
  provider: () => SimulatedProvider;
  /** The disk that the clips are on, and the folder of the blob store. */
  files: () => VirtualFiles;
  folder: string;
  isBadPicture: (accountId: string) => boolean;
}

/**
 * The model of ledger and jobs, and the judge. It keeps the rows as they were after the last commit, works out what may
 * have changed since, and reports the first promise that was broken. Names are those of the reliability sheet, section 2.
 */
export function createOracle({ simulation, book, clips, provider, files, folder, isBadPicture }: World) {
  let jobs = new Map<string, JobFacts>();
  let balances = new Map<string, number>();
  let lastEntry = 0;
  /** Whose claim is the newest one of a job. */
  let claims = new Map<string, Life>();
  const everUsed = new Map<string, string>();
  const fail = (invariant: string, detail: string) => simulation.fail(invariant, detail);

  const isOpen = (job: JobFacts) => openStatuses.includes(job.status as JobStatus);
  const rank = (job: JobFacts) => jobStages.indexOf(job.stage as JobStage);
  const holdsSlot = (job: JobFacts) => isOpen(job) && slotStages.includes(job.stage as JobStage);
  /** A task that came later than the core counts on, and that look-ups hardly show yet, is our loss and nobody's fault. */
  const isExcused = (task: SimulatedTask) =>
    task.isFromBeforeRestore || (task.cameAfterGrace && task.visibleAt + lookUpMs > simulation.timeline.now());
  const liveTask = (job: JobFacts) =>
    provider()
      .of(job.external_id)
      .find((task) => !isExcused(task) && !(provider().hasEnded(task) && task.verdict !== 'succeeded'));

  /** Judges one commit, made on behalf of `by`. Answers whether any job changed. */
  function observe(by: Here): boolean {
    let hasChanged = false;
    const after = new Map(book.jobs().map((job) => [job.id, job]));
    const entries = book.ledgerSince(lastEntry);
    for (const { rowid, account_id, amount, balance_after, kind } of entries) {
      lastEntry = rowid;
      const balance = (balances.get(account_id) ?? 0) + amount;
      balances.set(account_id, balance);
      if (balance !== balance_after) fail('M1', `entry of ${kind} ${amount} says ${balance_after}, model ${balance}`);
      if (balance < 0) fail('M2', `account ${account_id} is at ${balance}`);
      if (!Number.isSafeInteger(amount) || amount === 0 || Math.abs(amount) > largestAmount)
        fail('M8', `amount ${amount}`);
    }
    const moves = (job: JobFacts, kind: string) =>
      entries.filter((entry) => entry.job_id === job.id && entry.kind === kind);
    for (const job of after.values()) {
      const before = jobs.get(job.id);
      if (before && before.version === job.version && sameRow(before, job)) {
        if (moves(job, 'debit').length + moves(job, 'refund').length > 0)
          fail('M3', `tokens moved for ${job.id} alone`);
        continue;
      }
      simulation.note(
        `job ${job.id.slice(-4)} ${job.status}/${job.stage} v${job.version} f${job.fence} s${job.sends} due ${job.due_at} lease ${job.lease_until} ${job.error_code ?? ''} by ${by.life.name}/${by.role}`,
      );
      hasChanged = true;
      const debits = moves(job, 'debit');
      const refunds = moves(job, 'refund');
      if (before) judgeChange(before, job, by);
      else judgeBirth(job);
      if (debits.length !== (before ? 0 : 1)) fail('M3', `${debits.length} debits for ${job.id}`);
      if (debits[0] && debits[0].amount !== -job.tokens_cost) fail('M6', `debited ${debits[0].amount} for ${job.id}`);
      const ended = job.status === 'failed' || job.status === 'cancelled';
      const isNewEnd = ended && before?.status !== job.status;
      if (refunds.length !== (isNewEnd ? 1 : 0))
        fail('M4', `${refunds.length} refunds for ${job.id}, ${before?.status} → ${job.status}`);
      if (refunds[0] && refunds[0].amount !== job.tokens_cost)
        fail('M6', `refunded ${refunds[0].amount} for ${job.id}`);
      if (isNewEnd) judgeRefund(job);
      if (job.status === 'completed' && before?.status !== 'completed') judgeDone(job);
    }
    for (const id of jobs.keys()) if (!after.has(id)) fail('S1', `job ${id} vanished`);
    const perAccount = new Map<string, number>();
    for (const job of after.values())
      if (holdsSlot(job) && job.provider_account)
        perAccount.set(job.provider_account, (perAccount.get(job.provider_account) ?? 0) + 1);
    for (const [name, used] of perAccount)
      if (used > simulation.swarm.slots) fail('T7', `${used} slots of ${simulation.swarm.slots} used at ${name}`);
    jobs = after;
    return hasChanged;
  }

  function judgeBirth(job: JobFacts): void {
    const earlier = everUsed.get(job.id);
    if (earlier !== undefined) fail('M12', `id ${job.id} was used before`);
    everUsed.set(job.id, job.account_id);
    if (job.external_id !== `kvc-${job.id}`) fail('T3', `external id ${job.external_id}`);
  }

  function judgeChange(before: JobFacts, job: JobFacts, by: Here): void {
    const { id } = job;
    if (job.fence > before.fence) {
      if (before.lease_until > by.life.now()) fail('T5', `${by.life.name} claimed ${id} under another's lease`);
      claims.set(id, by.life);
    }
    if (job.fence < before.fence || job.fence > before.fence + 1) fail('T5', `fence ${before.fence} → ${job.fence}`);
    if (!isOpen(before) && (before.status !== job.status || before.version !== job.version))
      fail('S1', `${id} changed after it was ${before.status}`);
    const stepped = before.stage !== job.stage;
    if (stepped && !stageSources[job.stage as JobStage].includes(before.stage as JobStage))
      fail('S1', `${id} went from ${before.stage} to ${job.stage}`);
    if (rank(job) < rank(before)) fail('S1', `${id} went back to ${job.stage}`);
    const changed =
      stepped || before.status !== job.status || before.sends !== job.sends || before.error_code !== job.error_code;
    if (changed && job.version !== before.version + 1)
      fail('S1', `${id} changed, version ${before.version} → ${job.version}`);
    if (job.version < before.version || job.version > before.version + 1)
      fail('S1', `version ${before.version} → ${job.version}`);
    if ((job.status === 'completed') !== (job.stage === 'done')) fail('S1', `${id} is ${job.status}/${job.stage}`);
    for (const fact of ['account_id', 'tokens_cost', 'external_id', 'seconds', 'deadline_at', 'expected_ms'] as const)
      if (before[fact] !== job[fact]) fail('T3', `${fact} of ${id} changed`);
    if (before.provider_task_id !== null && before.provider_task_id !== job.provider_task_id)
      fail('T8', `${id} changed its task`);
    if (job.provider_task_id !== null && before.provider_task_id === null) {
      const task = provider().task(job.provider_task_id);
      if (task?.externalId !== job.external_id) fail('T8', `${id} adopted ${job.provider_task_id}, another's task`);
    }
    if (by.role === 'hint') judgeHint(before, job);
    const isDoor = before.stage === 'queued' && before.fence === job.fence;
    // A task at the provider is in nobody's hands: of two nodes that look the first one's news counts.
    const isLook = before.stage === 'generating' && before.lease_until <= by.life.now();
    const wrote = before.lease_until !== job.lease_until || changed || before.failures !== job.failures;
    if (by.role === 'worker' && !isDoor && !isLook && wrote && job.fence === before.fence && claims.get(id) !== by.life)
      fail('T5', `${by.life.name} wrote to ${id}, which ${claims.get(id)?.name} has claimed`);
  }

  function judgeHint(before: JobFacts, job: JobFacts): void {
    const { due_at: _was, ...rest } = before;
    const { due_at: _is, ...now } = job;
    if (JSON.stringify(rest) !== JSON.stringify(now))
      fail('W1', `a callback changed more than the due time of ${job.id}`);
  }

  /** M5 and T9: tokens go back only on a definite end, and a clip that was made is not thrown away (V2). */
  function judgeRefund(job: JobFacts): void {
    const mine = provider()
      .of(job.external_id)
      .find((task) => task.taskId === job.provider_task_id);
    const code = job.error_code;
    if (job.status === 'failed' && code === 'result_rejected') {
      if (mine?.clip !== 'square') fail('V2', `${job.id} lost a good clip: ${job.error_message}`);
      return;
    }
    if (job.status === 'failed' && code === 'result_lost') {
      const isPast = simulation.timeline.now() > (job.succeeded_at ?? Infinity) + retentionMs;
      if (mine?.clip !== 'cut' && !isPast) fail('V2', `${job.id} gave up a clip that was there: ${job.error_message}`);
      return;
    }
    const live = liveTask(job);
    if (live) fail('M5', `${job.id} was refunded (${job.status} ${code}) while ${live.taskId} lives`);
    if (job.status === 'cancelled') return;
    const refusal = provider().refusalOf(job.external_id);
    const isJust =
      (code === 'provider_failed' && mine?.verdict === 'failed') ||
      (code === 'content_refused' && (mine?.verdict === 'content' || refusal === 'content')) ||
      (code === 'provider_refused' && refusal === 'request') ||
      (code === 'picture_unusable' && isBadPicture(job.account_id)) ||
      (code === 'timed_out' && simulation.timeline.now() + 10_000 > job.deadline_at);
    if (!isJust) fail('T9', `${job.id} ended as ${code} without such a verdict: ${job.error_message}`);
  }

  function judgeDone(job: JobFacts): void {
    const video = JSON.parse(job.video ?? 'null') as StoredClip | null;
    const object = video && files().read(`${folder}/${video.key}`);
    if (!video || !object) return fail('V1', `${job.id} is done without its clip`);
    if (!object.isDurable) fail('V3', `${job.id} is done before its clip would survive a power cut`);
    if (createHash('sha256').update(object.bytes).digest('hex') !== video.sha256 || object.bytes.length !== video.bytes)
      fail('V1', `${job.id} is done with another file than it says`);
    if (!object.bytes.equals(clips.bytes('whole', job.seconds))) fail('V1', `${job.id} is done with a wrong clip`);
  }

  return {
    observe,
    jobs: () => jobs,
    openJobs: () => [...jobs.values()].filter(isOpen),

    /** T2, T4, T5 at the moment the first byte leaves. */
    posted(life: Life, request: TaskRequest): void {
      const job = [...jobs.values()].find((candidate) => candidate.external_id === request.externalId);
      const now = simulation.timeline.now();
      if (!job) return fail('T4', `POST for ${request.externalId}, which is no job`);
      simulation.note(`POST for ${job.id.slice(-4)} by ${life.name}`);
      if (!isOpen(job)) fail('T4', `POST for ${job.id}, which is ${job.status}`);
      if (job.sends < 1 || job.send_deadline_at === null) fail('T2', `POST for ${job.id} without a committed intent`);
      if (claims.get(job.id) !== life) fail('T5', `POST for ${job.id} by ${life.name} after it lost the claim`);
      if (job.lease_until <= now + life.skewMs) fail('T5', `POST for ${job.id} after the lease ended`);
      if (job.lease_until < (job.send_deadline_at ?? 0) + leaseMarginMs)
        fail('T5', `POST for ${job.id} may outlive its lease`);
      if ((job.send_deadline_at ?? 0) < now + life.skewMs) fail('T5', `POST for ${job.id} after its own deadline`);
    },

    /** T1, and M5 for tasks that land late. */
    made(task: SimulatedTask): void {
      const twins = provider()
        .of(task.externalId)
        .filter((twin) => !twin.isFromBeforeRestore);
      if (twins.length > 1) fail('T1', `${twins.length} paid tasks for ${task.externalId}`);
      const job = [...jobs.values()].find((candidate) => candidate.external_id === task.externalId);
      const isOurLoss = !job || (!isOpen(job) && task.cameAfterGrace);
      if (isOurLoss) simulation.count('orphan task booked');
      else if (!isOpen(job)) fail('M5', `a task landed for ${job.id}, which is ${job.status} already`);
    },

    /** V4: what a row points to is never removed. */
    removing(path: string): void {
      for (const job of jobs.values())
        for (const kept of [job.still, job.video])
          if (kept && `${folder}/${(JSON.parse(kept) as StoredPicture).key}` === path)
            fail('V4', `${path} of ${job.id} was removed`);
    },

    /** The slow checks over everything: M1, M2, V1 of what was done before. */
    scan(): void {
      const sums = new Map(book.sums().map(({ account_id, sum }) => [account_id, sum]));
      for (const { id, balance } of book.balances()) {
        if (balance !== (sums.get(id) ?? 0)) fail('M1', `balance of ${id} is ${balance}, entries say ${sums.get(id)}`);
        if (balance !== (balances.get(id) ?? 0))
          fail('M1', `balance of ${id} is ${balance}, model ${balances.get(id)}`);
        if (balance < 0) fail('M2', `balance of ${id} is ${balance}`);
      }
      for (const job of jobs.values()) {
        if (job.status === 'completed') judgeDone(job);
        if (isOpen(job) && !Number.isSafeInteger(job.due_at)) fail('T6', `${job.id} is never due`);
      }
    },

    /** The database went back: so does the model, but ids once used stay used. */
    restored(): void {
      jobs = new Map(book.jobs().map((job) => [job.id, job]));
      balances = new Map(book.balances().map(({ id, balance }) => [id, balance]));
      claims = new Map();
      lastEntry = book.ledgerSince(0).at(-1)?.rowid ?? 0;
    },

    /** At the end every task is some job's own, but for those that were booked as lost. */
    judgeTasks(): void {
      for (const task of provider().tasks.values()) {
        if (task.isFromBeforeRestore || task.cameAfterGrace) continue;
        const owner = [...jobs.values()].find((job) => job.provider_task_id === task.taskId);
        if (owner?.external_id !== task.externalId) fail('L', `${task.taskId} of ${task.externalId} is nobody's`);
      }
    },

    /** Files that no row points to. */
    stranded(): string[] {
      const kept = new Set(
        [...jobs.values()].flatMap(({ still, video }) =>
          [still, video].flatMap((fact) => (fact ? [`${folder}/${(JSON.parse(fact) as StoredPicture).key}`] : [])),
        ),
      );
      return files()
        .paths()
        .filter((path) => !kept.has(path) && !path.includes('/uploads/') && !path.includes('/.tmp/'));
    },
  };
}

export type Oracle = ReturnType<typeof createOracle>;

function sameRow(a: JobFacts, b: JobFacts): boolean {
  for (const name in a) if (a[name as keyof JobFacts] !== b[name as keyof JobFacts]) return false;
  return true;
}
