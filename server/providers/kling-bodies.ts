import { clipFields, type KlingEndpoint } from './kling-models.ts';
import type { TaskRequest } from './provider.ts';

/** What a request becomes on the wire. */
export interface KlingOrder {
  path: string;
  body: Record<string, unknown>;
}

/** Where the legacy API makes and lists each kind of task. */
export const legacyPaths = {
  image2video: '/v1/videos/image2video',
  text2video: '/v1/videos/text2video',
  pictures: '/v1/images/generations',
} as const;

/** What is sent to make this task at that endpoint: no field that its page or its model does not know. */
export function klingOrder(endpoint: KlingEndpoint, request: TaskRequest): KlingOrder {
  if (endpoint === 'new') return newOrder(request);
  const body = endpoint === 'pictures' ? pictureBody(request) : legacyClipBody(request);
  return { path: legacyPaths[endpoint], body };
}

/**
 * Image-to-video has no `aspect_ratio`: the clip has the picture's shape. `cfg_scale` is not for v2.x and left to its
 * default (legacy video pages, captured 2026-06).
 */
function legacyClipBody(request: TaskRequest) {
  const { model, prompt, negativePrompt, mode, aspectRatio, seconds, sound, picture } = request;
  return {
    model_name: model,
    ...(picture && { image: sentPicture(picture) }),
    prompt,
    ...(negativePrompt !== '' && { negative_prompt: negativePrompt }),
    mode,
    ...(!picture && { aspect_ratio: aspectRatio }),
    duration: String(seconds),
    ...(clipFields(model).soundField && { sound: sound ? 'on' : 'off' }),
    ...legacyOptions(request),
  };
}

/** A negative prompt does not go together with a picture; without `aspect_ratio` a picture would be 16:9 (image page, captured 2026-09-20). */
function pictureBody(request: TaskRequest) {
  const { model, prompt, negativePrompt, mode, aspectRatio, picture } = request;
  return {
    model_name: model,
    prompt,
    ...(picture ? { image: sentPicture(picture) } : negativePrompt !== '' && { negative_prompt: negativePrompt }),
    resolution: mode,
    n: 1,
    aspect_ratio: aspectRatio,
    ...legacyOptions(request),
  };
}

function legacyOptions({ externalId, callbackUrl }: TaskRequest) {
  return { external_task_id: externalId, ...(callbackUrl !== undefined && { callback_url: callbackUrl }) };
}

/**
 * The new API has no negative prompt, `cfg_scale` or `mode`, and a shape only where there is no picture. Several shots
 * are on by default there, off on the legacy paths: one still picture is to be one shot (new API pages, captured
 * 2026-09-20).
 */
function newOrder(request: TaskRequest): KlingOrder {
  const { kind, model, prompt, mode, aspectRatio, seconds, sound, picture, externalId, callbackUrl } = request;
  const { soundField, cutsShots } = clipFields(model);
  const frame = picture && { type: 'first_frame', url: sentPicture(picture) };
  return {
    path: `/${kind}/${encodeURIComponent(model)}`,
    body: {
      ...(frame ? { contents: [{ type: 'prompt', text: prompt }, frame] } : { prompt }),
      settings: {
        resolution: mode,
        duration: seconds,
        ...(!frame && { aspect_ratio: aspectRatio }),
        ...(soundField && { audio: sound ? 'native' : 'off' }),
        ...(cutsShots && { multi_shot: false }),
      },
      options: { external_task_id: externalId, ...(callbackUrl !== undefined && { callback_url: callbackUrl }) },
    },
  };
}

/** An address, or base64 without the `data:` in front of it, which is refused (measured 2026-09). */
function sentPicture(picture: NonNullable<TaskRequest['picture']>): string {
  if ('url' in picture) return picture.url;
  const { buffer, byteOffset, byteLength } = picture.bytes;
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
