/** English texts of what an operator does to accounts and jobs, and the type of the Russian ones. */
import type { JobEventKind } from '../../store/job-events.ts';

export const deeds = {
  correct: 'Correct the balance',
  correctHint: 'An entry of its own. Nothing in the ledger is ever changed or removed.',
  change: 'Change, tokens',
  changeHint: 'A whole number: 50 adds, -50 takes. The balance never falls below zero.',
  correctionReferenceHint: 'Your own id of this correction. The same reference never counts twice.',
  correctSubmit: 'Correct',
  exportTitle: 'Export the ledger',
  exportHint: 'All sellers, as a table for Excel and the like. Days in UTC, both included; empty means all.',
  from: 'From day',
  to: 'To day',
  exportSubmit: 'Save as CSV',
  exportOne: 'Save this ledger as CSV',

  searchLabel: 'Any id',
  searchHint: 'An id of the job (or its first 8 characters), of the provider’s task, of the seller.',
  preset: 'Preset',
  site: 'Site',
  day: 'Day (UTC)',
  any: 'Any',
  nothing: 'No job matches',
  nothingDo: 'Ids must be whole, or the first 8 characters of a job id. Leave a field empty to see more.',

  timeline: 'Timeline',
  timelineEmpty: 'Nothing was written down: the job is older than the timelines.',
  timelineCut: (count: number) => `The first ${count} rows are shown.`,
  what: 'What',
  details: 'Details',
  kinds: {
    created: 'Ordered and paid',
    stage: 'Next stage',
    provider: 'Provider answered',
    callback: 'Provider called',
    operator: 'Operator',
    ended: 'Ended and refunded',
  } satisfies Record<JobEventKind, string>,
  asked: {
    submit: 'Provider answered the order',
    'look-up': 'Provider answered a look-up',
    clip: 'Fetching the file',
  } as Record<string, string>,
  picture: 'Picture as it was sent',
  pictureAlt: 'The framed picture that the provider got',
  noPicture: 'No picture has been prepared yet.',
  clip: 'Open the clip',

  retry: 'Make it again',
  retryHint:
    'A new job for the same seller with the same picture and prompt, by today’s model and price. The tokens of this one were given back already.',
  payer: 'Who pays',
  sellerPays: (price: string) => `The seller, as usual (tokens: ${price})`,
  housePays: (price: string) => `Free of charge: the tokens (${price}) are added first, as a correction`,
  reason: 'Reason',
  reasonHint: 'It stays in the log; with tokens added the seller can see it in the ledger.',
  retrySubmit: 'Make it again',
  retries: 'Made again',
  noRetries: 'This job was made again as often as it can be.',
  refund: 'Give the tokens back',
  refundHint: (price: string) =>
    `The result is finished and stays with the seller. As goodwill the tokens (${price}) can be given back, once, as a correction.`,
  refundSubmit: 'Give back',
  refundedAlready: 'The tokens were given back as goodwill.',
  refundOpen:
    'This job cannot be refunded: it is still going on. If it fails, the tokens come back by themselves; until then it may be made and is paid for.',
  refundDone: 'The tokens were given back when the job ended.',
};

export const deedNotices = {
  corrected: 'The balance was corrected.',
  correctionRepeated: 'This reference was there before. Nothing was changed.',
  retried: 'The job is made again: this is the new one.',
  goodwillGiven: 'The tokens were given back.',
  goodwillRepeated: 'They were given back before. Nothing was added.',
};

export const deedProblems = {
  change: 'Write a whole number other than 0, up to 1,000,000,000, with a minus to take.',
  belowZero: 'The balance is smaller than that. Take less.',
  day: 'Choose a day, the first not after the last.',
  retryTokens: 'The seller has too few tokens. Choose “free of charge”, or grant some first.',
  retryGone: 'The preset is switched off or the picture is gone, so this job cannot be made again.',
  retryLimited: 'The seller or the site has reached the limit of jobs. Try again later.',
  retryRefused: 'This job cannot be made again. Open its page anew.',
};

/** Names of what stands in a timeline or in an audit entry of these deeds. */
export const deedFields = {
  presetId: 'Preset',
  parentId: 'Made again from',
  job: 'Job',
  payer: 'Who pays',
  by: 'By',
  deed: 'Deed',
  outcome: 'Outcome',
  reason: 'Words',
  state: 'State',
  taskId: 'Provider task id',
  externalId: 'Our id at the provider',
  resultUrl: 'The file lies at',
  task: 'Task',
  task_status: 'Claims',
  task_status_msg: 'Words',
  failures: 'Failed looks before',
  status: 'Status',
  errorCode: 'Code',
  refunded: 'Tokens given back',
  bytes: 'Bytes',
  width: 'Width',
  height: 'Height',
  format: 'File type',
  container: 'File type',
  videoCodec: 'Video codec',
  audioTracks: 'Sound tracks',
  faults: 'Faults',
};

export const deedActions = {
  'account.corrected': 'Balance corrected',
  'job.retried': 'Job made again',
  'order.refused': 'Order refused for its words',
  'job.refunded': 'Tokens of a job given back',
};
