import type { TaskKind, TaskRequest, TaskSort } from './provider.ts';

/** The `input` of a create. A picture stands in it by its address. */
export type KieInput = Record<string, unknown>;

interface Ordered {
  request: TaskRequest;
  /** Where Kie can fetch the framed picture; null where text is all. */
  pictureUrl: string | null;
}

interface KieModel {
  kinds: readonly TaskKind[];
  input(order: Ordered): KieInput;
}

/** The ratios that every picture model of the table knows, beside `auto`, which follows the given picture. */
const pictureRatios = ['1:1', '9:16', '16:9', '3:4', '4:3', '3:2', '2:3', '5:4', '4:5', '21:9'];

const pictureRatio = ({ aspectRatio }: TaskRequest): string =>
  pictureRatios.includes(aspectRatio) ? aspectRatio : 'auto';
const listOf = (pictureUrl: string | null) => (pictureUrl === null ? [] : [pictureUrl]);
const isUpright = (aspectRatio: string): boolean => {
  const [width = 1, height = 1] = aspectRatio.split(':').map(Number);
  return height > width;
};

const googlePicture = ({ request }: Ordered): KieInput => ({
  prompt: request.prompt,
  output_format: 'png',
  image_size: pictureRatio(request),
});

const numberedBanana: KieModel = {
  kinds: ['text-to-image', 'image-to-image'],
  input: ({ request, pictureUrl }) => ({
    prompt: request.prompt,
    ...(pictureUrl !== null && { image_input: [pictureUrl] }),
    aspect_ratio: pictureRatio(request),
    resolution: request.mode,
    output_format: 'png',
  }),
};

/** The duration is text and the sound a flag, other than in Kling's own API. */
const klingTimes = ({ seconds, sound }: TaskRequest) => ({ sound, duration: String(seconds) });

const oldKling: KieModel = {
  kinds: ['image-to-video'],
  input: ({ request, pictureUrl }) => ({
    prompt: request.prompt,
    image_url: pictureUrl,
    duration: String(request.seconds),
    ...(request.negativePrompt !== '' && { negative_prompt: request.negativePrompt }),
  }),
};

const sora = ({ request, pictureUrl }: Ordered): KieInput => ({
  prompt: request.prompt,
  ...(pictureUrl !== null && { image_urls: [pictureUrl] }),
  aspect_ratio: isUpright(request.aspectRatio) ? 'portrait' : 'landscape',
  n_frames: String(request.seconds),
  remove_watermark: true,
  upload_method: 's3',
});

/**
 * What each model takes, by its page of docs.kie.ai (snapshot 2026-04-29; the 2.1 names as clients use them). A field that
 * Kie does not know is dropped without a word, so none is sent on the chance. `kling-2.6/image-to-video` has no ratio, and
 * `kling-3.0/video` follows its first picture; `multi_shots` is said because a later default could make several shots.
 * The sora-2 names were paused from 2026-06-11 to 2026-08-31 at least: a create of them is refused in plain words.
 */
const models: Readonly<Record<string, KieModel>> = {
  'google/nano-banana': { kinds: ['text-to-image'], input: googlePicture },
  'google/nano-banana-edit': {
    kinds: ['image-to-image'],
    input: (order) => ({ ...googlePicture(order), image_urls: listOf(order.pictureUrl) }),
  },
  'nano-banana-2': numberedBanana,
  'nano-banana-pro': numberedBanana,
  'kling-2.6/image-to-video': {
    kinds: ['image-to-video'],
    input: ({ request, pictureUrl }) => ({
      prompt: request.prompt,
      image_urls: listOf(pictureUrl),
      ...klingTimes(request),
    }),
  },
  'kling-2.6/text-to-video': {
    kinds: ['text-to-video'],
    input: ({ request }) => ({
      prompt: request.prompt,
      aspect_ratio: request.aspectRatio,
      ...klingTimes(request),
    }),
  },
  'kling-3.0/video': {
    kinds: ['image-to-video', 'text-to-video'],
    input: ({ request, pictureUrl }) => ({
      prompt: request.prompt,
      ...(pictureUrl === null ? { aspect_ratio: request.aspectRatio } : { image_urls: [pictureUrl] }),
      ...klingTimes(request),
      mode: request.mode,
      multi_shots: false,
    }),
  },
  'kling/v2-1-standard': oldKling,
  'kling/v2-1-pro': oldKling,
  'kling/v2-1-master-image-to-video': oldKling,
  'kling/v2-5-turbo-image-to-video-pro': oldKling,
  'sora-2-text-to-video': { kinds: ['text-to-video'], input: sora },
  'sora-2-image-to-video': { kinds: ['image-to-video'], input: sora },
};

/** Whether Kie has such a model for such a task, by our table. */
export function hasModel({ kind, model }: TaskSort): boolean {
  return Object.hasOwn(models, model) && models[model]!.kinds.includes(kind);
}

/** The body of a create. Only for a task that `hasModel` knows. */
export function createBody(request: TaskRequest, pictureUrl: string | null) {
  const { callbackUrl } = request;
  return {
    model: request.model,
    input: models[request.model]!.input({ request, pictureUrl }),
    ...(callbackUrl !== undefined && { callBackUrl: markedCallbackUrl(callbackUrl, request.externalId) }),
  };
}

const idParameter = 'task';

/** Kie keeps no id of ours, but it keeps the callback address: our id stands in it. */
function markedCallbackUrl(callbackUrl: string, externalId: string): string {
  const url = new URL(callbackUrl);
  url.searchParams.set(idParameter, externalId);
  return url.href;
}

/** Our id in a callback address that Kie tells; null where there is none. */
export function externalIdIn(callbackUrl: unknown): string | null {
  if (typeof callbackUrl !== 'string' || !URL.canParse(callbackUrl)) return null;
  return new URL(callbackUrl).searchParams.get(idParameter) || null;
}
