import { dayStartMs } from '../jobs/caps.ts';
import type { BlobStore } from '../media/blobs.ts';
import { klingImagesId } from '../providers/kling.ts';
import type { JobRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { counted, listed, type Finding } from './finding.ts';

const minuteMs = 60_000;
/** A worker looks twice a second: what it leaves for so long, it leaves for good. */
const abandonedAfterMs = 10 * minuteMs;
const unsavedAfterMs = 60 * minuteMs;
const sampledClips = 200;

interface JobParts {
  store: Store;
  now: number;
}

const idsOf = (jobs: JobRow[]) => listed(jobs.map((job) => `${job.id} (${job.stage})`));

/** Open jobs past their deadline. */
export async function checkOverdue({ store, now }: JobParts): Promise<Finding> {
  const id = 'jobs-overdue';
  const jobs = await store.audit.overdue(now);
  if (jobs.length === 0) return { id, state: 'ok', text: 'No open job is past its deadline.' };
  return {
    id,
    state: 'failed',
    text: `${counted(jobs.length, 'open job')} past the deadline: ${idsOf(jobs)}.`,
    remedy:
      "Look at the tasks in Kling's console. Their fate is not known, so nothing is refunded yet; the server keeps asking. " +
      'Jobs that are still queued mean that the server does not run.',
  };
}

/** Jobs that nobody works on. */
export async function checkAbandoned({ store, now }: JobParts): Promise<Finding> {
  const id = 'jobs-abandoned';
  const jobs = await store.audit.abandoned(now - abandonedAfterMs);
  if (jobs.length === 0) return { id, state: 'ok', text: 'Every open job is being looked after.' };
  return {
    id,
    state: 'failed',
    text: `${counted(jobs.length, 'job')} due for more than ten minutes, and nobody took them: ${idsOf(jobs)}.`,
    remedy: 'Start the server, or look in its log for "a round of the worker failed".',
  };
}

/** Clips that are ready at the provider and do not come home. */
export async function checkUnsaved({ store, now }: JobParts): Promise<Finding> {
  const id = 'jobs-unsaved';
  const jobs = await store.audit.unsaved(now - unsavedAfterMs);
  if (jobs.length === 0) return { id, state: 'ok', text: 'No finished clip waits to be stored.' };
  const reasons = [...new Set(jobs.map((job) => job.errorMessage).filter((reason) => reason !== null))];
  return {
    id,
    state: 'failed',
    text: `${counted(jobs.length, 'clip')} ready for more than an hour and not stored: ${idsOf(jobs)}. ${listed(reasons)}`,
    remedy: 'Check RESULT_HOSTS, the way out to the internet and the free space. Kling keeps results for 30 days.',
  };
}

/** Whether the newest clips and their posters are there, in full length. */
export async function checkClips({ store, blobs }: { store: Store; blobs: BlobStore }): Promise<Finding> {
  const id = 'clips';
  const jobs = await store.audit.newestCompleted(sampledClips);
  const faults: string[] = [];
  for (const job of jobs) {
    for (const object of [job.video, job.image, job.still]) {
      if (!object || ('link' in object && object.link)) continue;
      const found = await blobs.stat(object.key);
      if (!found) faults.push(`${object.key} is missing`);
      else if (found.bytes !== object.bytes)
        faults.push(`${object.key} has ${found.bytes} bytes instead of ${object.bytes}`);
    }
  }
  if (faults.length === 0)
    return { id, state: 'ok', text: `The files of the newest ${counted(jobs.length, 'cover')} are all there.` };
  return {
    id,
    state: 'failed',
    text: `${counted(faults.length, 'file')} of finished covers not as stored: ${listed(faults)}.`,
    remedy:
      'Check that STORAGE_URL names the folder that belongs to this database, then restore the files from a backup.',
  };
}

/** Whether there is something to order, and for a price. */
export async function checkPresets({ store }: { store: Store }): Promise<Finding> {
  const id = 'presets';
  const presets = await store.presets.list();
  const unpriced = presets.filter((preset) => !(preset.tokensCost > 0)).map((preset) => preset.presetId);
  const remedy = 'Set it on the Prices page of the admin.';
  if (unpriced.length > 0) return { id, state: 'failed', text: `Without a price: ${listed(unpriced)}.`, remedy };
  const enabled = presets.filter((preset) => preset.enabled);
  if (enabled.length === 0)
    return { id, state: 'warning', text: 'No preset is enabled: nothing can be ordered.', remedy: 'Enable one.' };
  return { id, state: 'ok', text: `${counted(enabled.length, 'enabled preset')}, each with a price.` };
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
  return [{ id: 'provider-accounts', state: 'ok', text: 'No provider account was used yet.' }];

  async function checkAccount({ id: name, pausedUntil, pauseReason }: (typeof rows)[number]): Promise<Finding[]> {
    const id = 'provider-accounts';
    const found: Finding[] = [];
    if (pausedUntil > now)
      found.push({
        id,
        state: 'failed',
        text: `${name} is paused: ${pauseReason ?? 'no reason given'}.`,
        remedy: 'Mend the account in the console of the provider. It is asked again every minute by itself.',
      });
    const owner = klingIds.find((one) => klingImagesId(one) === name) ?? name;
    const isKlings = klingIds.includes(owner);
    const own = kept.find((row) => row.id === owner);
    const slots = own?.concurrency ?? (isKlings ? settings.concurrency : null);
    const used = await store.queue.slotsUsed(store.read, name);
    if (slots !== null && used > slots)
      found.push({
        id,
        state: 'warning',
        text: `${name} holds ${used} tasks, more than ${own ? 'its setting' : 'KLING_CONCURRENCY'} allows (${slots}).`,
        remedy: 'Expected for a while after the setting was lowered.',
      });
    const spent = await tasksToday(name);
    const together = isKlings ? (await tasksToday(owner)) + (await tasksToday(klingImagesId(owner))) : 0;
    if (settings.dailyJobs > 0 && together >= settings.dailyJobs)
      found.push({
        id,
        state: 'warning',
        text: `${name} has used up today's budget of ${counted(settings.dailyJobs, 'task')}: jobs wait in the queue.`,
        remedy:
          'They flow again at midnight UTC; those whose deadline is earlier are refunded. Or raise KLING_DAILY_JOBS.',
      });
    const inUse = slots === null ? counted(used, 'slot') : `${used} of ${slots} slots`;
    const text = `${name} takes tasks: ${inUse} in use, ${spent} today.`;
    return found.length > 0 ? found : [{ id, state: 'ok', text }];
  }

  function tasksToday(providerAccount: string): Promise<number> {
    return store.counts.tasksSince(store.read, { providerAccount, since });
  }
}
