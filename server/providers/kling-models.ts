import type { TaskSort } from './provider.ts';

/** Where Kling makes a task; one list at Kling shows the tasks of one of these. */
export type KlingEndpoint = 'image2video' | 'text2video' | 'pictures' | 'new';

interface ClipModel {
  paths: 'legacy' | 'new';
  /** Whether sound is asked for in a field of its own: `sound` on the legacy paths, `audio` on the new ones. */
  soundField: boolean;
  /** Whether Kling cuts the clip into several shots unless it is told not to. */
  cutsShots: boolean;
}

const silent = { soundField: false, cutsShots: false };
const sounding = { soundField: true, cutsShots: false };

/**
 * What each name means on the wire. A field that a model does not know is swallowed without a word (measured on every
 * model 2026-08-21) and the clip is billed, so a name that is not here is never sent. Legacy parameter table (captured
 * 2026-06) and the legacy pages of October 2026; path models from the text- and image-to-video pages of the new API
 * (captured 2026-09-20). `kling-3.0-turbo` always has sound and no field for it; only `kling-3.0` takes several shots,
 * by default.
 */
const clipModels: ReadonlyMap<string, ClipModel> = new Map([
  ['kling-v2-5-turbo', { paths: 'legacy', ...silent }],
  ['kling-v2-6', { paths: 'legacy', ...sounding }],
  ['kling-v3', { paths: 'legacy', ...sounding }],
  ['kling-2.5-turbo', { paths: 'new', ...silent }],
  ['kling-2.6', { paths: 'new', ...sounding }],
  ['kling-3.0', { paths: 'new', soundField: true, cutsShots: true }],
  ['kling-3.0-turbo', { paths: 'new', ...silent }],
]);

/** Names of the image generation page (captured 2026-09-20); pictures have legacy paths only. */
const pictureModels: ReadonlySet<string> = new Set(['kling-v2-1', 'kling-v3']);

/** Where such a task is made; null for a model that Kling is not known to have for it. */
export function klingEndpoint({ kind, model }: TaskSort): KlingEndpoint | null {
  if (kind === 'text-to-image' || kind === 'image-to-image') return pictureModels.has(model) ? 'pictures' : null;
  const clipModel = clipModels.get(model);
  if (!clipModel) return null;
  if (clipModel.paths === 'new') return 'new';
  return kind === 'image-to-video' ? 'image2video' : 'text2video';
}

/** The optional fields that a model of clips knows. None for a name that is not in the table. */
export function clipFields(model: string): Pick<ClipModel, 'soundField' | 'cutsShots'> {
  return clipModels.get(model) ?? silent;
}
