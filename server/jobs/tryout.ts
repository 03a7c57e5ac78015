import type { Download } from '../media/download.ts';
import { samplePicture } from '../media/sample-picture.ts';
import type { TaskRequest, ProviderAccount, SentRequest } from '../providers/provider.ts';
import type { PresetRow } from '../store/schema.ts';
import { parseRatio } from './frame.ts';
import { submitTimeoutMs } from './job.ts';
import { findModel } from './models.ts';
import { fillPrompt, maxPromptLength, unknownVariables, type PromptVariable } from './prompt.ts';
import type { Runtime } from './runtime.ts';

/** What would be sent for an order of this preset; the prompts still have their variables. */
export type TryDraft = Pick<
  PresetRow,
  'kind' | 'provider' | 'model' | 'mode' | 'seconds' | 'sound' | 'aspectRatio' | 'prompt' | 'negativePrompt'
>;
export type SampleOrder = { [name in PromptVariable]: string };

/** One of the provider's limits against the draft. `actual` is a length, a number of seconds, a name. */
export interface TryCheck {
  check: 'model' | 'seconds' | 'sound' | 'variables' | 'prompt' | 'negativePrompt';
  passes: boolean;
  actual: string | number;
}

/** How a clip of the simulator stands. `reason` is the simulator's own word. */
export type TryState = { state: 'waiting' | 'done' } | { state: 'failed'; reason: string };

interface TryoutParts {
  account: Pick<ProviderAccount, 'clientFor' | 'describe'>;
  /** The provider's address: a try-out runs only where it is this very machine. */
  baseUrl: string;
  /** The form of the address that jobs give for announcements; left out when we are not reachable. */
  callbackUrl?: string;
  download: Download;
  runtime: Pick<Runtime, 'newId' | 'deadline'>;
}

/** Names of this machine (RFC 6890: 127.0.0.0/8 and ::1; RFC 6761: localhost). */
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const idPattern = /^try-[0-9a-f-]{36}$/;
const lookTimeoutMs = 10_000;

/** Whether an address is this machine, where nobody but a simulator takes tasks. False for what is no address. */
export const isLoopback = (address: string): boolean =>
  URL.canParse(address) && loopbackHost.test(new URL(address).hostname);

/**
 * Tries a preset without a job: what would be sent and whether the provider's limits allow it, and, only where the
 * provider is a simulator on this machine, one clip of a drawn picture. Nothing here touches jobs, accounts or the ledger.
 */
export function createTryout({ account, baseUrl, callbackUrl, download, runtime }: TryoutParts) {
  const canRun = isLoopback(baseUrl);

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

  async function find(id: string) {
    if (!canRun || !idPattern.test(id)) return null;
    const answer = await account.client.findByExternalId(id, runtime.deadline(lookTimeoutMs));
    return answer.outcome === 'found' ? answer.task : null;
  }

  return {
    /** Whether `run` may be called. */
    canRun,

    /** The request as it would be sent, without credentials; null when the provider does not tell. */
    preview(draft: TryDraft, order: SampleOrder): SentRequest | null {
      const shown = { externalId: 'kvc-<job id>', picture: { url: '<the framed picture>' } };
      const request = { ...requestOf(draft, order, shown), ...(callbackUrl !== undefined && { callbackUrl }) };
      return account.describe?.(request) ?? null;
    },

    /** Sends the draft with the drawn picture to the simulator. Throws where the provider is not one. */
    async run(draft: TryDraft, order: SampleOrder): Promise<{ id: string } | { reason: string }> {
      if (!canRun) throw new Error('a try-out runs at a simulator only');
      const externalId = `try-${runtime.newId()}`;
      const picture = { bytes: await samplePicture(parseRatio(draft.aspectRatio)) };
      const request = requestOf(draft, order, { externalId, picture });
      const answer = await account.client.submit(request, runtime.deadline(submitTimeoutMs));
      if (answer.outcome === 'accepted') return { id: externalId };
      return { reason: answer.reason };
    },

    /** Null for what is no try-out of the simulator. */
    async look(id: string): Promise<TryState | null> {
      const task = await find(id);
      if (!task) return null;
      if (task.state === 'failed') return { state: 'failed', reason: task.reason };
      return { state: task.state === 'succeeded' ? 'done' : 'waiting' };
    },

    /** The finished clip, or null while there is none. */
    async clip(id: string): Promise<Buffer | null> {
      const task = await find(id);
      if (!task?.resultUrl) return null;
      const whole = async (body: { toArray(): Promise<Uint8Array[]> }) => Buffer.concat(await body.toArray());
      const answer = await download(task.resultUrl, whole, runtime.deadline(lookTimeoutMs));
      return answer.outcome === 'ok' ? answer.value : null;
    },
  };
}

export type Tryout = ReturnType<typeof createTryout>;

/** The draft against the provider's limits, one line per limit. */
export function checkDraft(draft: TryDraft, order: SampleOrder): TryCheck[] {
  const model = findModel(draft);
  const prompt = fillPrompt(draft.prompt, order);
  const negativePrompt = fillPrompt(draft.negativePrompt, order);
  const unknown = unknownVariables(`${draft.prompt}\n${draft.negativePrompt}`);
  return [
    { check: 'model', passes: model !== null, actual: `${draft.model} · ${draft.mode}` },
    { check: 'seconds', passes: model?.seconds.includes(draft.seconds) ?? false, actual: draft.seconds },
    {
      check: 'sound',
      passes: !draft.sound || (model !== null && model.units.withSound !== null),
      actual: draft.sound ? 'on' : 'off',
    },
    { check: 'variables', passes: unknown.length === 0, actual: unknown.map((name) => `{${name}}`).join(' ') },
    { check: 'prompt', passes: prompt !== '' && prompt.length <= maxPromptLength, actual: prompt.length },
    { check: 'negativePrompt', passes: negativePrompt.length <= maxPromptLength, actual: negativePrompt.length },
  ];
}
