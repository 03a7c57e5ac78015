import { counted, listed } from './finding.ts';

/** What a finding says, and what to do about it. */
export interface Said {
  text: string;
  remedy?: string;
}

export interface ClipFault {
  key: string;
  expectedBytes: number;
  /** Null: there is no such file. */
  bytes: number | null;
}

export interface BookFault {
  accountId: string;
  jobId?: string;
  /** In English: names and amounts. */
  text: string;
}

export interface AccountSlots {
  name: string;
  used: number;
  /** Null: not known. */
  slots: number | null;
}

/** English texts of the findings, and the type of the Russian ones. What vendors and the system say is handed on as it is. */
export const words = {
  unchecked: (reason: string): Said => ({ text: `This could not be checked: ${reason}` }),
  databaseWell: (): Said => ({ text: 'The database can be read and is not damaged.' }),

  publicHttps: (url: string): Said => ({ text: `${url} is https: the provider is given callback addresses.` }),
  publicHttp: (url: string): Said => ({
    text: `${url} is not https: no callbacks are asked for, pictures travel inside the request. Polling alone works.`,
    remedy: 'Set PUBLIC_URL to the https address under which the internet reaches this server.',
  }),

  booksWell: (): Said => ({
    text: 'Every balance is the sum of its entries; every job has its debit or its refund.',
  }),
  booksWrong: (faults: BookFault[]): Said => {
    const names = faults.map(
      ({ accountId, jobId, text }) => `account ${accountId}${jobId === undefined ? '' : `, job ${jobId}`}: ${text}`,
    );
    return {
      text: `${counted(faults.length, 'contradiction')}: ${listed(names)}.`,
      remedy:
        'No new job is taken meanwhile. Somebody wrote to the database past the server, or an old backup was restored in ' +
        'part: compare with a backup, mend the account or the job row (never the ledger), and the server goes on within a minute.',
    };
  },

  noneOverdue: (): Said => ({ text: 'No open job is past its deadline.' }),
  overdue: (jobs: string[]): Said => ({
    text: `${counted(jobs.length, 'open job')} past the deadline: ${listed(jobs)}.`,
    remedy:
      "Look at the tasks in Kling's console. Their fate is not known, so nothing is refunded yet; the server keeps asking. " +
      'Jobs that are still queued mean that the server does not run.',
  }),
  noneAbandoned: (): Said => ({ text: 'Every open job is being looked after.' }),
  abandoned: (jobs: string[]): Said => ({
    text: `${counted(jobs.length, 'job')} due for more than ten minutes, and nobody took them: ${listed(jobs)}.`,
    remedy: 'Start the server, or look in its log for "a round of the worker failed".',
  }),
  noneUnsaved: (): Said => ({ text: 'No finished clip waits to be stored.' }),
  unsaved: (jobs: string[], reasons: string[]): Said => ({
    text: `${counted(jobs.length, 'clip')} ready for more than an hour and not stored: ${listed(jobs)}. ${listed(reasons)}`,
    remedy: 'Check RESULT_HOSTS, the way out to the internet and the free space. Kling keeps results for 30 days.',
  }),

  clipsWell: (covers: number): Said => ({
    text: `The files of the newest ${counted(covers, 'cover')} are all there.`,
  }),
  clipsWrong: (faults: ClipFault[]): Said => {
    const names = faults.map(({ key, bytes, expectedBytes }) =>
      bytes === null ? `${key} is missing` : `${key} has ${bytes} bytes instead of ${expectedBytes}`,
    );
    return {
      text: `${counted(faults.length, 'file')} of finished covers not as stored: ${listed(names)}.`,
      remedy:
        'Check that STORAGE_URL names the folder or bucket of this database, then restore the files from a backup.',
    };
  },

  unpriced: (presets: string[]): Said => ({
    text: `Without a price: ${listed(presets)}.`,
    remedy: 'Set it on the Prices page of the admin.',
  }),
  noPreset: (): Said => ({ text: 'No preset is enabled: nothing can be ordered.', remedy: 'Enable one.' }),
  presetsWell: (enabled: number): Said => ({ text: `${counted(enabled, 'enabled preset')}, each with a price.` }),

  accountsUnused: (): Said => ({ text: 'No provider account was used yet.' }),
  accountPaused: (name: string, reason: string | null): Said => ({
    text: `${name} is paused: ${reason ?? 'no reason given'}.`,
    remedy: 'Mend the account in the console of the provider. It is asked again every minute by itself.',
  }),
  accountOverfull: ({ name, used, slots }: AccountSlots, setting: 'own' | 'KLING_CONCURRENCY'): Said => ({
    text: `${name} holds ${used} tasks, more than ${setting === 'own' ? 'its setting' : setting} allows (${slots}).`,
    remedy: 'Expected for a while after the setting was lowered.',
  }),
  budgetSpent: (name: string, dailyJobs: number): Said => ({
    text: `${name} has used up today's budget of ${counted(dailyJobs, 'task')}: jobs wait in the queue.`,
    remedy: 'They flow again at midnight UTC; those whose deadline is earlier are refunded. Or raise KLING_DAILY_JOBS.',
  }),
  accountWell: ({ name, used, slots }: AccountSlots, spent: number): Said => {
    const inUse = slots === null ? counted(used, 'slot') : `${used} of ${slots} slots`;
    return { text: `${name} takes tasks: ${inUse} in use, ${spent} today.` };
  },
  sealBroken: (id: string): Said => ({
    text: `The credentials of ${id} cannot be read: SECRET has changed.`,
    remedy: 'Enter them anew as a new account.',
  }),

  kieRefuses: (reason: string): Said => ({
    text: `Kie.ai refuses the account: ${reason}`,
    remedy: "Enter the key of Kie.ai's console, API keys; a sub-key may have used up its limit.",
  }),
  kieUnread: (reason: string): Said => ({
    text: `The credits could not be read: ${reason}`,
    remedy: "Check KIE_API_BASE, the network and Kie.ai's status.",
  }),
  kieCredits: (credits: number): Said => ({ text: `${credits} credits left.` }),
  kieEmpty: (credits: number): Said => ({
    text: `${credits} credits left.`,
    remedy: 'Top up at Kie.ai; until then its jobs wait.',
  }),

  storageWell: (): Said => ({ text: 'Pictures and clips can be written and read.' }),
  space: (gigabytes: string, folder: string): Said => ({ text: `${gigabytes} GB free under ${folder}.` }),
  spaceLow: (gigabytes: string, folder: string): Said => ({
    text: `${gigabytes} GB free under ${folder}.`,
    remedy: 'Make room: without it no upload, clip or job can be stored.',
  }),

  tasksUnlisted: (account: string, reason: string): Said => ({
    text: `The tasks at ${account} could not be listed: ${reason}`,
  }),
  tasksWell: (tasks: number, account: string): Said => ({
    text: `${counted(tasks, 'task')} of ours at ${account}, each with its job.`,
  }),
  tasksLost: (tasks: string[]): Said => ({
    text: `${counted(tasks.length, 'paid task')} without an open job here: ${listed(tasks)}.`,
    remedy:
      'Was a backup restored, or does another server use the same Kling account? These tasks cost units and nobody gets ' +
      'their clips; book them as a loss and review the balances since the backup. After a day this is only a warning.',
  }),
  tasksTwice: (tasks: string[]): Said => ({
    text: `${counted(tasks.length, 'task')} beside the one their job knows: ${listed(tasks)}.`,
    remedy: 'A job was paid for twice. Please report it with the log of its job.',
  }),
  tasksFindable: (tasks: string[]): Said => ({
    text: `${counted(tasks.length, 'task')} that their open job does not know yet: ${listed(tasks)}.`,
    remedy: 'The running server finds them by itself. To have it look now: npm run doctor -- --adopt',
  }),
  tasksAdopted: (jobs: string[]): Said => ({
    text: `${counted(jobs.length, 'job')} due now, so that the running server adopts their tasks: ${listed(jobs)}.`,
  }),
};

export type Words = typeof words;
