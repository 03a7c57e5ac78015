import type { Dispatcher } from 'undici';
import { createKlingAuth, type KlingCredentials } from './kling-auth.ts';
import { classifyCreate, classifyRead, type KlingReadOutcome } from './kling-codes.ts';
import { createKlingSend, klingDefaultBaseUrl, type KlingSend } from './kling-http.ts';
import { readTask } from './kling-replies.ts';
import type {
  TaskRequest,
  ListOutcome,
  LookupOutcome,
  PictureRules,
  ProviderAccount,
  ProviderTask,
  SubmitOutcome,
  ProviderClient,
} from './provider.ts';

export interface KlingSettings {
  credentials: KlingCredentials;
  /** Default: Kling's Singapore host. Keys and tasks belong to one region. */
  baseUrl?: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Default: a keep-alive agent of its own. The giver of a dispatcher closes it. */
  dispatcher?: Dispatcher;
}

/**
 * Kling's limits for a legacy image-to-video picture: JPEG or PNG, 10 MB, sides from 300 px, ratio up to 2.5
 * (image-to-video page, captured 2026-06). Whether base64 text or the file is measured is not said, and neither is which
 * megabyte: we stay 5 % below ten million bytes of file.
 */
export const klingPictureRules: PictureRules = {
  formats: ['jpeg', 'png'],
  maxBytes: 9_500_000,
  minSide: 300,
  maxRatio: 2.5,
};

/** Kling clears results after 30 days (vendor FAQ, read 2026-09-20). */
const klingRetentionMs = 30 * 24 * 3_600_000;

/** One set of Kling credentials with its slots. `concurrency` is what the account's resource pack allows. */
export function createKlingAccount(account: KlingSettings & { id: string; concurrency: number }): ProviderAccount {
  const { id, concurrency, ...settings } = account;
  const imageToVideo = createKling(settings);
  return {
    id,
    provider: 'kling',
    concurrency,
    pictureRules: klingPictureRules,
    resultRetentionMs: klingRetentionMs,
    clientFor: ({ kind }) => (kind === 'image-to-video' ? imageToVideo : null),
    describe: (request) => {
      const { baseUrl = klingDefaultBaseUrl } = settings;
      return { method: 'POST', address: `${baseUrl}${path}`, body: createBody(request) };
    },
  };
}

const path = '/v1/videos/image2video';
const maxPageSize = 500;
const maxPages = 1000;
const maxAnswerBytes = 1_000_000;
const maxListBytes = 8_000_000;

/** Image-to-video through Kling's legacy API. Throws a TypeError when `baseUrl` is no URL; its methods never reject. */
export function createKling({
  credentials,
  baseUrl = klingDefaultBaseUrl,
  now,
  dispatcher,
}: KlingSettings): Required<ProviderClient> {
  const auth = createKlingAuth(credentials, now);
  const send = createKlingSend({ baseUrl, auth, ...(dispatcher && { dispatcher }) });
  return {
    submit: (request, signal) => submit(send, request, signal),
    findByExternalId: async (externalId, signal) => {
      const found = await lookUp(send, externalId, signal);
      if (found.outcome !== 'found' || [externalId, null].includes(found.task.externalId)) return found;
      return { outcome: 'unclear', reason: `Asked for external id ${externalId}, got another task.` };
    },
    findByTaskId: async (taskId, signal) => {
      const found = await lookUp(send, taskId, signal);
      if (found.outcome !== 'found' || found.task.taskId === taskId) return found;
      return { outcome: 'unclear', reason: `Asked for task ${taskId}, got another one.` };
    },
    listNewest: (limit, signal) => listNewest(send, limit, signal),
  };
}

async function submit(send: KlingSend, request: TaskRequest, signal: AbortSignal): Promise<SubmitOutcome> {
  const body = JSON.stringify(createBody(request));
  const sent = await send({ method: 'POST', path, body, maxAnswerBytes, signal });
  switch (sent.kind) {
    case 'answered':
      return classifyCreate(sent.answer);
    case 'not-sent':
      return { outcome: 'not-sent', reason: sent.reason };
    case 'cut':
      return { outcome: 'unclear', reason: sent.reason };
    case 'no-credentials':
      return { outcome: 'account-blocked', reason: sent.reason };
  }
}

/**
 * Models from before sound; every later one knows `sound` (legacy parameter table: "v2-6 and later", captured 2026-06).
 * Fields that are not here, and why: `aspect_ratio` is ignored by image-to-video, `cfg_scale` is not for v2.x, and
 * unknown fields are swallowed without a word (measured 2026-08-21).
 */
const modelsBeforeSound = new Set([
  'kling-v1',
  'kling-v1-5',
  'kling-v1-6',
  'kling-v2-master',
  'kling-v2-1',
  'kling-v2-1-master',
  'kling-v2-5-turbo',
]);

function createBody(request: TaskRequest) {
  const { picture } = request;
  return {
    model_name: request.model,
    ...(picture && { image: 'url' in picture ? picture.url : toBase64(picture.bytes) }),
    prompt: request.prompt,
    ...(request.negativePrompt !== '' && { negative_prompt: request.negativePrompt }),
    mode: request.mode,
    duration: String(request.seconds),
    ...(!modelsBeforeSound.has(request.model) && { sound: request.sound ? 'on' : 'off' }),
    external_task_id: request.externalId,
    ...(request.callbackUrl !== undefined && { callback_url: request.callbackUrl }),
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Kling takes its own id and ours in the same place of the path. */
async function lookUp(send: KlingSend, id: string, signal: AbortSignal): Promise<LookupOutcome> {
  // An empty or dotted segment would be another address.
  if (/^\.{0,2}$/.test(id)) return { outcome: 'unclear', reason: `"${id}" is no task id.` };
  const read = await readFrom(send, { path: `${path}/${encodeURIComponent(id)}`, maxAnswerBytes, signal });
  if (read.outcome !== 'answered') return read;
  const task = readTask(read.data);
  return task ? { outcome: 'found', task } : { outcome: 'unclear', reason: 'The answer holds no task.' };
}

async function listNewest(send: KlingSend, limit: number, signal: AbortSignal): Promise<ListOutcome> {
  const pageSize = Math.min(limit, maxPageSize);
  // Tasks made while we turn pages push older ones onto the next page, so the same task may come twice.
  const tasks = new Map<string, ProviderTask>();
  let areAllReadable = true;
  for (let page = 1; page <= maxPages; page++) {
    const query = `${path}?pageNum=${page}&pageSize=${pageSize}`;
    const read = await readFrom(send, { path: query, maxAnswerBytes: maxListBytes, signal });
    if (read.outcome === 'account-blocked' || read.outcome === 'unclear') return read;
    if (read.outcome === 'absent' || !Array.isArray(read.data)) {
      return { outcome: 'unclear', reason: 'The answer holds no list.' };
    }
    for (const row of read.data) {
      const task = readTask(row);
      if (!task) areAllReadable = false;
      else tasks.set(task.taskId, task);
    }
    const isLastPage = read.data.length < pageSize;
    if (isLastPage || tasks.size >= limit) {
      const complete = isLastPage && areAllReadable && tasks.size <= limit;
      return { outcome: 'listed', tasks: [...tasks.values()].slice(0, limit), complete };
    }
  }
  return { outcome: 'listed', tasks: [...tasks.values()].slice(0, limit), complete: false };
}

interface Read {
  path: string;
  maxAnswerBytes: number;
  signal: AbortSignal;
}

async function readFrom(send: KlingSend, read: Read): Promise<KlingReadOutcome> {
  const sent = await send({ method: 'GET', ...read });
  if (sent.kind === 'answered') return classifyRead(sent.answer);
  return { outcome: sent.kind === 'no-credentials' ? 'account-blocked' : 'unclear', reason: sent.reason };
}
