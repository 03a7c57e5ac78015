import { createHash } from 'node:crypto';
import type { JobRow, PresetRow } from '../store/schema.ts';
import type { Frame } from './frame.ts';

export interface JobRequest {
  presetId: string;
  uploadId?: string;
  frame?: Frame;
  /** Left out: `crop`, or as the parent has it. */
  fit?: 'crop' | 'pad';
  prompt?: string;
  title?: string;
  description?: string;
  groupId?: string;
  /** The name that the group is shown by; kept with the group. */
  groupName?: string;
  /** Another job of the seller: what is left out here is taken from there (picture and frame, title, description, group). */
  parentId?: string;
  /** Among the preset's choices. */
  aspectRatio?: string;
  seconds?: number;
  mode?: string;
  styleId?: string;
}

/** A request after what it inherits was filled in. */
export type Wish = JobRequest & Required<Pick<JobRequest, 'fit'>>;

export interface NewJob {
  id: string;
  accountId: string;
  idempotencyKey: string;
  request: Wish;
  /** Of the request as it came. */
  requestHash: string;
  /** With what the seller chose in place, price included. */
  preset: PresetRow;
  /** As it is sent. */
  prompt: string;
  negativePrompt: string;
  /** What will be cut; null for a job that is made without a picture, whatever the request says. */
  frame: Frame | null;
  /** How long the provider usually needs. */
  expectedMs: number;
  deadlineAt: number;
  now: number;
}

/** A job as it starts its life: queued, untouched, with the preset's revision and price as they are now. */
export function newJob({ request, preset, now, ...facts }: NewJob): JobRow {
  const { presetId, kind, provider, model, mode, seconds, aspectRatio, sound } = preset;
  const fromPreset = { presetId, kind, provider, model, mode, seconds, aspectRatio, sound };
  const { title = null, description = null, groupId = null, parentId = null } = request;
  const { styleId = null } = request;
  const uploadId = (facts.frame && request.uploadId) ?? null;
  const fromRequest = { title, description, groupId, parentId, uploadId, styleId };
  return {
    ...facts,
    ...fromPreset,
    ...fromRequest,
    presetRevision: preset.revision,
    fit: request.fit,
    tokensCost: preset.tokensCost,
    status: 'pending',
    stage: 'queued',
    version: 1,
    dueAt: now,
    leaseUntil: 0,
    fence: 0,
    failures: 0,
    providerAccount: null,
    externalId: `kvc-${facts.id}`,
    providerTaskId: null,
    sends: 0,
    sendDeadlineAt: null,
    claimedTaskId: null,
    submittedAt: null,
    checkedAt: null,
    still: null,
    resultUrl: null,
    succeededAt: null,
    video: null,
    image: null,
    errorCode: null,
    errorMessage: null,
    views: 0,
    downloads: 0,
    createdAt: now,
    updatedAt: now,
    completedAt: null,
    deletedAt: null,
  };
}

/** Equal requests hash equally whatever the order of their fields. */
export function hashOf({ frame, fit = 'crop', ...request }: JobRequest): string {
  const box = frame && [frame.x, frame.y, frame.width, frame.height];
  const fields = Object.entries({ ...request, fit, box }).filter(([, value]) => value !== undefined);
  return createHash('sha256')
    .update(JSON.stringify(fields.toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex');
}
