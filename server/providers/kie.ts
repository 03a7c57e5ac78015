import type { Dispatcher } from 'undici';
import { createBody, hasModel } from './kie-bodies.ts';
import { classifyCreate, classifyRead } from './kie-codes.ts';
import { createKieSend, kieDefaultBaseUrl, kieDefaultUploadBaseUrl, type KieSend } from './kie-http.ts';
import { readBalance, readRecord } from './kie-replies.ts';
import { createKieUpload, type KieUpload } from './kie-upload.ts';
import type {
  LookupOutcome,
  PictureRules,
  ProviderAccount,
  ProviderClient,
  SubmitOutcome,
  TaskRequest,
} from './provider.ts';

export interface KieSettings {
  /** Stable name kept in job rows. */
  id: string;
  apiKey: string;
  /** Default: api.kie.ai. */
  baseUrl?: string;
  /** Default: Kie's own file host. Used for pictures that are given as bytes. */
  uploadBaseUrl?: string;
  /** Milliseconds since 1970. */
  now: () => number;
  concurrency: number;
  /** Default: 5 s. */
  pollIntervalMs?: number;
  /** Default: a keep-alive agent of its own. The giver of a dispatcher closes it. */
  dispatcher?: Dispatcher;
}

/** The balance in credits, with decimals. */
export type KieCredits =
  | { outcome: 'known'; credits: number }
  | { outcome: 'account-blocked'; reason: string }
  | { outcome: 'unclear'; reason: string };

export interface KieAccount extends ProviderAccount {
  /** Asks for the balance. Never rejects. */
  readCredits(signal: AbortSignal): Promise<KieCredits>;
}

/**
 * Pictures go on to Kling and Google: Kling's limits are the narrower ones (sides from 300 px, ratio up to 2.5), and every
 * page says 10 MB. We stay 5 % below ten million bytes.
 */
const kiePictureRules: PictureRules = { formats: ['jpeg', 'png'], maxBytes: 9_500_000, minSide: 300, maxRatio: 2.5 };

/**
 * Kie's pages disagree: 14 days, about 24 hours, links of 20 minutes (snapshot 2026-04-29). Clients saw addresses good for
 * about a day, so nobody may count on more; results are fetched as soon as a task ends.
 */
const kieRetentionMs = 24 * 3_600_000;

/** A read is free, and there is no list: every task is asked for by itself. */
const kiePollIntervalMs = 5_000;

/** One Kie.ai account. Throws a TypeError when an address is no URL; what its client does never rejects. */
export function createKieAccount(settings: KieSettings): KieAccount {
  const { id, apiKey, baseUrl = kieDefaultBaseUrl, uploadBaseUrl = kieDefaultUploadBaseUrl, now } = settings;
  const connection = { apiKey, ...(settings.dispatcher && { dispatcher: settings.dispatcher }) };
  const send = createKieSend({ baseUrl, ...connection });
  const upload = createKieUpload({ send: createKieSend({ baseUrl: uploadBaseUrl, ...connection }), now });
  const client: ProviderClient = {
    submit: (request, signal) => submit({ send, upload }, request, signal),
    findByExternalId: async () => ({ outcome: 'untraceable' }),
    findByTaskId: (taskId, signal) => lookUp(send, taskId, signal),
  };
  return {
    id,
    provider: 'kie',
    concurrency: settings.concurrency,
    pictureRules: kiePictureRules,
    resultRetentionMs: kieRetentionMs,
    pollIntervalMs: settings.pollIntervalMs ?? kiePollIntervalMs,
    clientFor: (task) => (hasModel(task) ? client : null),
    describe: (request) =>
      hasModel(request) ? { method: 'POST', address: baseUrl + createPath, body: shownRequest(request) } : null,
    readCredits: (signal) => readCredits(send, signal),
  };
}

const createPath = '/api/v1/jobs/createTask';

function shownRequest(request: TaskRequest): Record<string, unknown> {
  const { picture } = request;
  return createBody(request, picture && ('url' in picture ? picture.url : '<the picture, uploaded before>'));
}

/** First the picture, where Kie cannot fetch it from us; then one create, whose lost answer is never tried again here. */
async function submit(
  { send, upload }: { send: KieSend; upload: KieUpload },
  request: TaskRequest,
  signal: AbortSignal,
): Promise<SubmitOutcome> {
  const { picture, externalId } = request;
  if (!hasModel(request))
    return { outcome: 'refused', because: 'request', reason: `no ${request.kind} by ${request.model}` };
  const uploaded = picture && 'bytes' in picture && (await upload({ bytes: picture.bytes, externalId }, signal));
  if (uploaded && uploaded.outcome !== 'uploaded') return uploaded;
  const pictureUrl = picture && ('url' in picture ? picture.url : uploaded ? uploaded.url : null);
  const sent = await send({ path: createPath, json: createBody(request, pictureUrl), signal });
  switch (sent.kind) {
    case 'answered':
      return classifyCreate(sent.answer);
    case 'not-sent':
      return { outcome: 'not-sent', reason: sent.reason };
    case 'cut':
      return { outcome: 'unclear', reason: sent.reason };
  }
}

async function lookUp(send: KieSend, taskId: string, signal: AbortSignal): Promise<LookupOutcome> {
  const query = new URLSearchParams({ taskId });
  const sent = await send({ path: `/api/v1/jobs/recordInfo?${query.toString()}`, signal });
  if (sent.kind !== 'answered') return { outcome: 'unclear', reason: sent.reason };
  const read = classifyRead(sent.answer);
  if (read.outcome !== 'answered') return read;
  const task = readRecord(read.data);
  if (!task) return { outcome: 'unclear', reason: 'The answer holds no task.' };
  if (task.taskId !== taskId) return { outcome: 'unclear', reason: `Asked for task ${taskId}, got another one.` };
  return { outcome: 'found', task };
}

async function readCredits(send: KieSend, signal: AbortSignal): Promise<KieCredits> {
  const sent = await send({ path: '/api/v1/chat/credit', signal });
  if (sent.kind !== 'answered') return { outcome: 'unclear', reason: sent.reason };
  const read = classifyRead(sent.answer);
  if (read.outcome === 'absent')
    return { outcome: 'unclear', reason: 'The address of the balance is not known there.' };
  if (read.outcome !== 'answered') return read;
  const credits = readBalance(read.data);
  return credits === null
    ? { outcome: 'unclear', reason: 'The answer holds no number.' }
    : { outcome: 'known', credits };
}
