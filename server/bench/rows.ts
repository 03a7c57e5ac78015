import { v7 } from 'uuid';
import type { JobRow } from '../store/schema.ts';

/** A number from 0 to 1, the same ones in each run. */
export type Chance = () => number;

/** Numerical Recipes' linear congruential generator: good enough to spread rows. */
export function createChance(): Chance {
  let state = 1;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** What all presets of the benchmark share. */
export const shippedPreset = {
  kind: 'image-to-video' as const,
  provider: 'kling' as const,
  model: 'kling-v2-6',
  mode: 'std',
  seconds: 5,
  aspectRatio: '3:4',
  sound: false,
  prompt: 'Smooth, cinematic product showcase with subtle camera movement. The product stays unchanged.',
  negativePrompt: 'text, watermark',
  tokensCost: 10,
  titles: { ru: 'Видеообложка', en: 'Video cover', vi: 'Bìa video' },
  enabled: true,
};

interface JobWish {
  accountId: string;
  createdAt: number;
  /** A cancelled one of the rare preset. */
  isRare: boolean;
  /** Still at the provider. */
  isOpen: boolean;
  chance: Chance;
}

/** A job row as the server would have left it. */
export function jobOf({ accountId, createdAt, isRare, isOpen, chance }: JobWish): JobRow {
  const id = v7({ msecs: createdAt });
  const isFailed = !isRare && chance() < 0.08;
  const status = isRare ? 'cancelled' : isOpen ? 'processing' : isFailed ? 'failed' : 'completed';
  const isDone = status === 'completed';
  const endedAt = createdAt + 60_000 + Math.floor(chance() * 120_000);
  const { kind, provider, model, mode, seconds, aspectRatio, sound, negativePrompt, tokensCost } = shippedPreset;
  const picture = { key: `${id}.jpg`, width: 900, height: 1200, bytes: 90_000, contentType: 'image/jpeg' };
  const clip = { ...picture, key: `${id}.mp4`, contentType: 'video/mp4', seconds, sha256: 'a'.repeat(64) };
  return {
    id,
    accountId,
    idempotencyKey: id,
    requestHash: 'a'.repeat(64),
    kind,
    provider,
    model,
    mode,
    seconds,
    aspectRatio,
    sound,
    negativePrompt,
    tokensCost,
    prompt: chance() < 0.7 ? shippedPreset.prompt : `${shippedPreset.prompt} Scene ${Math.floor(chance() * 500)}.`,
    presetId: isRare ? 'rare' : chance() < 0.8 ? 'video-cover' : 'video-cover-10',
    presetRevision: 1,
    title: null,
    description: null,
    groupId: null,
    parentId: null,
    styleId: null,
    uploadId: null,
    frame: null,
    fit: 'crop',
    status,
    stage: isDone ? 'done' : isRare ? 'queued' : 'generating',
    version: 5,
    dueAt: endedAt,
    leaseUntil: 0,
    fence: 3,
    failures: 0,
    deadlineAt: createdAt + 3_600_000,
    expectedMs: 90_000,
    providerAccount: isRare ? null : 'kling',
    externalId: `kvc-${id}`,
    providerTaskId: isRare ? null : `task-${id}`,
    sends: isRare ? 0 : 1,
    sendDeadlineAt: null,
    claimedTaskId: null,
    submittedAt: isRare ? null : createdAt + 2_000,
    checkedAt: isRare ? null : endedAt,
    still: isRare ? null : picture,
    resultUrl: null,
    succeededAt: isDone ? endedAt - 3_000 : null,
    video: isDone ? clip : null,
    image: null,
    errorCode: isFailed ? 'provider_failed' : null,
    errorMessage: null,
    views: isDone ? 3 : 0,
    downloads: isDone ? 1 : 0,
    createdAt,
    updatedAt: isOpen ? createdAt + 2_000 : endedAt,
    completedAt: isOpen ? null : endedAt,
    deletedAt: null,
  };
}

/** The timeline of a job. */
export function eventsOf({ id: jobId, createdAt }: JobRow) {
  const kinds = ['created', 'stage', 'stage', 'provider', 'provider', 'stage', 'ended'];
  return kinds.map((kind, n) => {
    const at = createdAt + n * 5_000;
    return { id: v7({ msecs: at }), jobId, at, kind, detail: kind === 'stage' ? { stage: 'generating' } : {} };
  });
}
