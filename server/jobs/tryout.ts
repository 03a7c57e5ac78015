import type { Download } from '../media/download.ts';
import { formatOf } from '../media/picture.ts';
import { samplePicture } from '../media/sample-picture.ts';
import type { ProviderAccount, ProviderClient, SentRequest, TaskRequest } from '../providers/provider.ts';
import type { PresetRow } from '../store/schema.ts';
import { parseRatio } from './frame.ts';
import { makesVideo, needsPicture, submitTimeoutMs, type JobKind } from './job.ts';
import type { SampleOrder } from './draft-checks.ts';
import { fillPrompt } from './prompt.ts';
import type { Runtime } from './runtime.ts';

/** What would be sent for an order of this preset; the prompts still have their variables. */
export type TryDraft = Pick<
  PresetRow,
  'kind' | 'provider' | 'model' | 'mode' | 'seconds' | 'sound' | 'aspectRatio' | 'prompt' | 'negativePrompt'
>;

/** How a task of the simulator stands. `reason` is the simulator's own word. */
export type TryState = { state: 'waiting' | 'done' } | { state: 'failed'; reason: string };

/** One account whose requests can be shown. */
export interface TryPlace {
  account: Pick<ProviderAccount, 'provider' | 'clientFor' | 'describe'>;
  /** The provider's address: a try-out runs only where it is this very machine. */
  baseUrl: string;
  /** The form of the address that jobs give for announcements; left out when we are not reachable. */
  callbackUrl?: string;
}

interface TryoutParts {
  /** The first one that can have a draft made is taken. */
  places: readonly TryPlace[];
  download: Download;
  runtime: Pick<Runtime, 'newId' | 'deadline'>;
}

interface Started {
  client: ProviderClient;
  taskId: string;
  kind: JobKind;
}

/** Names of this machine (RFC 6890: 127.0.0.0/8 and ::1; RFC 6761: localhost). */
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const lookTimeoutMs = 10_000;
const keptAtMost = 100;

/** Whether an address is this machine, where nobody but a simulator takes tasks. False for what is no address. */
export const isLoopback = (address: string): boolean =>
  URL.canParse(address) && loopbackHost.test(new URL(address).hostname);

/**
 * Tries a preset without a job: what would be sent, and, only where the provider is a simulator on this machine, one clip
 * or picture, of a drawn product where a picture is needed. Nothing here touches jobs, accounts or the ledger. Only what
 * was started here can be looked at, until this server ends.
 */
export function createTryout({ places, download, runtime }: TryoutParts) {
  const started = new Map<string, Started>();

  function placeFor(draft: TryDraft) {
    for (const place of places) {
      const client = place.account.provider === draft.provider ? place.account.clientFor(draft) : null;
      if (client) return { ...place, client };
    }
    return null;
  }

  const requestOf = (draft: TryDraft, order: SampleOrder, facts: Pick<TaskRequest, 'externalId' | 'picture'>) => ({
    ...facts,
    kind: draft.kind,
    model: draft.model,
    mode: draft.mode,
    aspectRatio: draft.aspectRatio,
    seconds: draft.seconds,
    sound: draft.sound,
    prompt: fillPrompt(draft.prompt, order),
    negativePrompt: fillPrompt(draft.negativePrompt, order),
  });

  const canRun = (draft: TryDraft): boolean => isLoopback(placeFor(draft)?.baseUrl ?? '');

  async function find(id: string) {
    const task = started.get(id);
    const answer = await task?.client.findByTaskId(task.taskId, runtime.deadline(lookTimeoutMs));
    return task && answer?.outcome === 'found' ? { ...answer.task, kind: task.kind } : null;
  }

  return {
    /** Whether `run` may be called for this draft. */
    canRun,

    /** The request as it would be sent, without credentials; null when no account can have it made or none tells. */
    preview(draft: TryDraft, order: SampleOrder): SentRequest | null {
      const place = placeFor(draft);
      const picture = needsPicture(draft.kind) ? { url: '<the framed picture>' } : null;
      const request = requestOf(draft, order, { externalId: 'kvc-<job id>', picture });
      const { callbackUrl } = place ?? {};
      return place?.account.describe?.({ ...request, ...(callbackUrl !== undefined && { callbackUrl }) }) ?? null;
    },

    /** Sends the draft to the simulator. Throws where the provider is not one. */
    async run(draft: TryDraft, order: SampleOrder): Promise<{ id: string } | { reason: string }> {
      const place = placeFor(draft);
      if (!place || !canRun(draft)) throw new Error('a try-out runs at a simulator only');
      const id = `try-${runtime.newId()}`;
      const picture = needsPicture(draft.kind) ? { bytes: await samplePicture(parseRatio(draft.aspectRatio)) } : null;
      const request = requestOf(draft, order, { externalId: id, picture });
      const answer = await place.client.submit(request, runtime.deadline(submitTimeoutMs));
      if (answer.outcome !== 'accepted') return { reason: answer.reason };
      started.set(id, { client: place.client, taskId: answer.taskId, kind: draft.kind });
      if (started.size > keptAtMost) started.delete(started.keys().next().value!);
      return { id };
    },

    /** Null for what is no try-out of this server. */
    async look(id: string): Promise<TryState | null> {
      const task = await find(id);
      if (!task) return null;
      if (task.state === 'failed') return { state: 'failed', reason: task.reason };
      return { state: task.state === 'succeeded' ? 'done' : 'waiting' };
    },

    /** What of `id` is a clip; false for a picture and for what is no try-out. */
    makesVideo: (id: string): boolean => makesVideo(started.get(id)?.kind ?? 'text-to-image'),

    /** The finished clip or picture; null while there is none, and for a file that is no picture. */
    async result(id: string): Promise<{ bytes: Buffer; contentType: string } | null> {
      const task = await find(id);
      if (!task?.resultUrl) return null;
      const whole = async (body: { toArray(): Promise<Uint8Array[]> }) => Buffer.concat(await body.toArray());
      const answer = await download(task.resultUrl, whole, runtime.deadline(lookTimeoutMs));
      if (answer.outcome !== 'ok') return null;
      const bytes = answer.value;
      if (makesVideo(task.kind)) return { bytes, contentType: 'video/mp4' };
      const format = formatOf(bytes);
      return format && { bytes, contentType: `image/${format}` };
    },
  };
}

export type Tryout = ReturnType<typeof createTryout>;
