import { v7 as uuidv7 } from 'uuid';
import { createTimeline, providerSaid } from '../jobs/timeline.ts';
import type { BlobStore } from '../media/blobs.ts';
import type { Database, Tx } from '../store/database.ts';
import type { PresetRow } from '../store/schema.ts';
import { createStore, type Store } from '../store/store.ts';
import { createChance } from './chance.ts';
import { storeFootage, type SampleFootage } from './footage.ts';
import { planMonth, type PlannedJob, type PlannedSeller } from './plan.ts';

export type { SampleFootage } from './footage.ts';

const seed = 'a month of covers';
const firstGrant = 100;
const topUp = 200;
const putsAtOnce = 8;
/** Old enough to be done with, new enough to be on the first page. */
const toldDeliveries = 40;

/** The month's files are clips of photos. */
export const isFilmed = ({ kind, provider, enabled }: Pick<PresetRow, 'kind' | 'provider' | 'enabled'>): boolean =>
  enabled && kind === 'image-to-video' && provider === 'kling';

interface MonthParts {
  database: Database;
  blobs: Pick<BlobStore, 'put'>;
  /** Whose sellers they are. */
  siteId: string;
  /** Asked only when the month is written. At least one. */
  footage(): Promise<SampleFootage[]>;
  /** A second operator, who may look. */
  viewer: { login: string; passwordHash(): Promise<string> };
  now: number;
}

/**
 * Fills an empty database with a month of invented sellers and jobs, all ended, with books that agree and files for
 * every clip. True when it was written; false, nothing done, when there is any job. Nobody is told of it by webhook.
 */
export async function addSampleMonth({ database, blobs, siteId, footage, viewer, now }: MonthParts): Promise<boolean> {
  const chance = createChance(seed);
  let made = 0;
  const idAt = (at: number) => uuidv7({ msecs: at, seq: ++made, random: chance.bytes() });
  // A store of its own: without an outbox nobody is told of what happened weeks ago.
  const store = createStore(database, { timeline: createTimeline({ newId: () => idAt(now) }) });
  if ((await store.jobs.listAll({ limit: 1 })).length > 0) return false;

  const presets = (await store.presets.list()).filter(isFilmed);
  const plan = planMonth({ presets, chance, idAt, now });
  const files = await storeFiles(blobs, plan.jobs, await footage());
  const passwordHash = await viewer.passwordHash();

  await store.transaction(async (tx) => {
    const balances = new Map<string, number>();
    for (const seller of plan.sellers) await welcome(tx, seller, balances);
    for (const job of plan.jobs) await live(tx, job, balances);
    const { login } = viewer;
    const at = plan.sellers[0]!.joinedAt;
    const row = { id: idAt(at), login, role: 'viewer' as const, passwordHash, createdAt: at, disabledAt: null };
    if (await store.operators.create(tx, row))
      await note(tx, { at, action: 'operator.created', target: login, detail: { role: 'viewer' } });
    await tellHost(tx, plan.jobs);
  });
  return true;

  function note(tx: Tx, entry: { at: number; action: string; target: string; detail: Record<string, unknown> }) {
    return store.auditLog.write(tx, { id: idAt(entry.at), actor: 'admin', ...entry });
  }

  async function welcome(tx: Tx, seller: PlannedSeller, balances: Map<string, number>): Promise<void> {
    const { id, joinedAt, ...facts } = seller;
    await store.accounts.ensureIn(tx, { siteId, ...facts }, { id, now: joinedAt });
    const grant = { accountId: id, amount: firstGrant, reference: 'welcome', actor: 'host', now: joinedAt };
    const { entry } = await store.ledger.grant(tx, { ...grant, id: idAt(joinedAt) });
    balances.set(id, entry.balanceAfter);
  }

  /** Every third purchase of tokens went through the operator's hands. */
  async function buy(tx: Tx, accountId: string, at: number): Promise<number> {
    const reference = `order-${10_000 + made}`;
    const byHand = made % 3 === 0;
    const wish = { accountId, amount: topUp, reference, actor: byHand ? 'admin' : 'host', now: at };
    const { entry } = await store.ledger.grant(tx, { ...wish, id: idAt(at) });
    const detail = { amount: topUp, reference };
    if (byHand) await note(tx, { at, action: 'account.granted', target: accountId, detail });
    return entry.balanceAfter;
  }

  async function live(tx: Tx, job: PlannedJob, balances: Map<string, number>): Promise<void> {
    const { order, end } = job;
    const { id, accountId, tokensCost: price, createdAt } = order;
    if (balances.get(accountId)! < price) balances.set(accountId, await buy(tx, accountId, createdAt - 1));
    await store.jobs.insert(tx, order);
    const entry = { jobId: id, accountId, price, actor: 'seller', now: createdAt };
    const debit = await store.ledger.debit(tx, { ...entry, id: idAt(createdAt) });
    balances.set(accountId, debit.balanceAfter);
    if (end === 'completed') return complete(tx, store, job, files.get(id)!);
    await giveUp(tx, store, job);
    const { endedAt, failure } = job;
    const back = {
      jobId: id,
      actor: failure ? 'worker' : 'seller',
      now: endedAt,
      ...(failure && { note: failure.code }),
    };
    const refund = await store.ledger.refund(tx, { ...back, id: idAt(endedAt) });
    balances.set(accountId, refund.balanceAfter);
  }

  async function tellHost(tx: Tx, jobs: PlannedJob[]): Promise<void> {
    const endpoint = (await store.webhooks.endpoints()).find((one) => one.siteId === siteId);
    if (!endpoint) return;
    const rows = jobs
      .filter(({ end }) => end !== 'cancelled')
      .slice(-toldDeliveries)
      .map(({ order, end, endedAt: at }, nth) => {
        const wasLost = nth % 13 === 12;
        const status = wasLost ? ('failed' as const) : ('delivered' as const);
        const outcome = wasLost
          ? { attempts: 8, lastStatus: 503, lastError: 'the receiver answered 503' }
          : { attempts: nth % 7 === 6 ? 2 : 1, lastStatus: 204, lastError: null };
        const event = end === 'completed' ? ('job.completed' as const) : ('job.failed' as const);
        const payload = { accountId: order.accountId, jobId: order.id };
        const times = { dueAt: at, leaseUntil: 0, deadlineAt: at, createdAt: at, updatedAt: at };
        return {
          id: idAt(at),
          endpointId: endpoint.id,
          messageId: `msg_${idAt(at)}`,
          event,
          payload,
          status,
          ...outcome,
          ...times,
        };
      });
    await tx.insert(database.tables.webhookDeliveries).values(rows).returning();
  }
}

type Files = Map<string, Awaited<ReturnType<typeof storeFootage>>>;

async function storeFiles(blobs: Pick<BlobStore, 'put'>, jobs: PlannedJob[], footage: SampleFootage[]): Promise<Files> {
  const files: Files = new Map();
  const left = jobs.filter(({ end }) => end === 'completed').entries();
  async function work(): Promise<void> {
    for (const [nth, { order, endedAt: completedAt }] of left) {
      const { id, accountId, kind, seconds } = order;
      const job = { id, accountId, kind, seconds, completedAt };
      files.set(id, await storeFootage(blobs, footage[nth % footage.length]!, job));
    }
  }
  await Promise.all(Array.from({ length: putsAtOnce }, work));
  return files;
}

const taskOf = (job: PlannedJob) => `sample-${job.order.id}`;

async function submitted(tx: Tx, store: Store, job: PlannedJob): Promise<void> {
  const { order, submittedAt } = job;
  const { id } = order;
  const account = { providerAccount: 'kling', sends: 1, sendDeadlineAt: submittedAt + 30_000 };
  await store.jobs.advance(tx, 'submitting', { id, now: submittedAt - 500, set: account });
  const told = [providerSaid('submit', { outcome: 'accepted', taskId: taskOf(job) })];
  const set = { providerTaskId: taskOf(job), submittedAt, checkedAt: submittedAt };
  await store.jobs.advance(tx, 'generating', { id, now: submittedAt, set, told });
}

async function complete(
  tx: Tx,
  store: Store,
  job: PlannedJob,
  files: Awaited<ReturnType<typeof storeFootage>>,
): Promise<void> {
  const { order, endedAt, views, downloads } = job;
  const { id } = order;
  await submitted(tx, store, job);
  const succeededAt = endedAt - 2_000;
  await store.jobs.advance(tx, 'saving', { id, now: succeededAt, set: { succeededAt } });
  await store.jobs.advance(tx, 'done', { id, now: endedAt, set: { ...files, completedAt: endedAt } });
  await store.jobs.countReads(tx, { reads: [{ id, views, downloads }], now: endedAt });
}

async function giveUp(tx: Tx, store: Store, job: PlannedJob): Promise<void> {
  const { order, failure, endedAt: now } = job;
  const { id } = order;
  if (!failure) return void (await store.jobs.end(tx, 'cancelled', { id, now, from: ['queued'] }));
  if (failure.reachedProvider) await submitted(tx, store, job);
  const set = { errorCode: failure.code, errorMessage: failure.words };
  const told = [
    providerSaid(failure.reachedProvider ? 'look-up' : 'submit', { outcome: 'failed', reason: failure.words }),
  ];
  await store.jobs.end(tx, 'failed', { id, now, set, told });
}
