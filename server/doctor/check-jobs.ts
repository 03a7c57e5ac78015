import { dayStartMs } from '../jobs/caps.ts';
import type { BlobStore } from '../media/blobs.ts';
import { klingImagesId } from '../providers/kling.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Finding } from './finding.ts';
import { told } from './told.ts';
import type { ClipFault } from './words.en.ts';

const minuteMs = 60_000;
/** A worker looks twice a second: what it leaves for so long, it leaves for good. */
const abandonedAfterMs = 10 * minuteMs;
const unsavedAfterMs = 60 * minuteMs;
const sampledClips = 200;

interface JobParts {
  store: Store;
  now: number;
}

const idsOf = (jobs: JobRow[]) => jobs.map((job) => `${job.id} (${job.stage})`);

/** Open jobs past their deadline. */
export async function checkOverdue({ store, now }: JobParts): Promise<Finding> {
  const id = 'jobs-overdue';
  const jobs = await store.audit.overdue(now);
  if (jobs.length === 0) return told(id, 'ok', (words) => words.noneOverdue());
  return told(id, 'failed', (words) => words.overdue(idsOf(jobs)));
}

/** Jobs that nobody works on. */
export async function checkAbandoned({ store, now }: JobParts): Promise<Finding> {
  const id = 'jobs-abandoned';
  const jobs = await store.audit.abandoned(now - abandonedAfterMs);
  if (jobs.length === 0) return told(id, 'ok', (words) => words.noneAbandoned());
  return told(id, 'failed', (words) => words.abandoned(idsOf(jobs)));
}

/** Clips that are ready at the provider and do not come home. */
export async function checkUnsaved({ store, now }: JobParts): Promise<Finding> {
  const id = 'jobs-unsaved';
  const jobs = await store.audit.unsaved(now - unsavedAfterMs);
  if (jobs.length === 0) return told(id, 'ok', (words) => words.noneUnsaved());
  const reasons = [...new Set(jobs.map((job) => job.errorMessage).filter((reason) => reason !== null))];
  return told(id, 'failed', (words) => words.unsaved(idsOf(jobs), reasons));
}

/** Whether the newest clips and their posters are there, in full length. */
export async function checkClips({ store, blobs }: { store: Store; blobs: BlobStore }): Promise<Finding> {
  const id = 'clips';
  const jobs = await store.audit.newestCompleted(sampledClips);
  const faults: ClipFault[] = [];
  for (const job of jobs) {
    for (const object of [job.video, job.image, job.still]) {
      if (!object || ('link' in object && object.link)) continue;
      const found = await blobs.stat(object.key);
      if (found?.bytes !== object.bytes)
        faults.push({ key: object.key, bytes: found?.bytes ?? null, expectedBytes: object.bytes });
    }
  }
  if (faults.length === 0) return told(id, 'ok', (words) => words.clipsWell(jobs.length));
  return told(id, 'failed', (words) => words.clipsWrong(faults));
}

/** Whether there is something to order, and for a price. */
export async function checkPresets({ store }: { store: Store }): Promise<Finding> {
  const id = 'presets';
  const presets = await store.presets.list();
  const unpriced = presets.filter((preset) => !(preset.tokensCost > 0)).map((preset) => preset.presetId);
  if (unpriced.length > 0) return told(id, 'failed', (words) => words.unpriced(unpriced));
  const enabled = presets.filter((preset) => preset.enabled);
  if (enabled.length === 0) return told(id, 'warning', (words) => words.noPreset());
  return told(id, 'ok', (words) => words.presetsWell(enabled.length));
}

interface AccountParts extends JobParts {
  settings: { concurrency: number; dailyJobs: number };
}

/** What stands between the queue and the providers: pauses, slots, the day's budget of Kling's credentials. */
export async function checkAccounts({ store, now, settings }: AccountParts): Promise<Finding[]> {
  const [rows, kept] = await Promise.all([store.queue.providerAccounts(), store.providerCredentials.list()]);
  const since = dayStartMs(now);
  const klingIds = ['kling', ...kept.filter(({ provider }) => provider === 'kling').map((row) => row.id)];
  const findings = await Promise.all(rows.map((row) => checkAccount(row)));
  if (findings.length > 0) return findings.flat();
  return [told('provider-accounts', 'ok', (words) => words.accountsUnused())];

  async function checkAccount({ id: name, pausedUntil, pauseReason }: (typeof rows)[number]): Promise<Finding[]> {
    const id = 'provider-accounts';
    const found: Finding[] = [];
    if (pausedUntil > now) found.push(told(id, 'failed', (words) => words.accountPaused(name, pauseReason)));
    const owner = klingIds.find((one) => klingImagesId(one) === name) ?? name;
    const isKlings = klingIds.includes(owner);
    const own = kept.find((row) => row.id === owner);
    const slots = own?.concurrency ?? (isKlings ? settings.concurrency : null);
    const used = await store.queue.slotsUsed(store.read, name);
    const held = { name, used, slots };
    const setting = own ? 'own' : 'KLING_CONCURRENCY';
    if (slots !== null && used > slots)
      found.push(told(id, 'warning', (words) => words.accountOverfull(held, setting)));
    const spent = await tasksToday(name);
    const together = isKlings ? (await tasksToday(owner)) + (await tasksToday(klingImagesId(owner))) : 0;
    if (settings.dailyJobs > 0 && together >= settings.dailyJobs)
      found.push(told(id, 'warning', (words) => words.budgetSpent(name, settings.dailyJobs)));
    return found.length > 0 ? found : [told(id, 'ok', (words) => words.accountWell(held, spent))];
  }

  function tasksToday(providerAccount: string): Promise<number> {
    return store.counts.tasksSince(store.read, { providerAccount, since });
  }
}
