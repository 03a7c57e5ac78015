import { KieRefusal, missing } from './kie-answers.ts';
import type { FieldRule } from './kie-fields.ts';
import type { Fields } from './simulator-http.ts';

/** What one model takes, makes and costs. */
export type KieModel = {
  name: string;
  makes: 'picture' | 'clip';
  fields: Record<string, FieldRule>;
  /** The fields that carry picture addresses, the one to be filmed or edited first. */
  pictures: readonly string[];
  /** The most megabytes of one picture; 10. */
  maxPictureMb?: number;
  /** 'std', 'pro' or '4k' of a clip when the input does not say. */
  mode?: 'std' | 'pro';
  /** Throws KieRefusal for what no single field shows. */
  check?: (input: Fields) => void;
  credits: (input: Fields) => number;
};

const RATIOS = ['1:1', '9:16', '16:9', '3:4', '4:3', '3:2', '2:3', '5:4', '4:5', '21:9'];
const VIDEO_RATIOS = ['1:1', '16:9', '9:16'];
const BANANA_2_RATIOS = ['auto', ...RATIOS, '1:4', '4:1', '1:8', '8:1'];

const fiveOrTen: FieldRule = { kind: 'choice', allowed: ['5', '10'], standard: '5' };
const prompt = (max: number): FieldRule => ({ kind: 'text', max, required: true });
const oneOf = (allowed: readonly string[], standard: string): FieldRule => ({ kind: 'choice', allowed, standard });
const secondsOf = (input: Fields) => Number(input['duration']);

const googleImage = {
  prompt: prompt(5000),
  output_format: oneOf(['png', 'jpeg'], 'png'),
  image_size: oneOf([...RATIOS, 'auto'], '1:1'),
};

function bananaOfNumber(name: string, limits: { prompt: number; pictures: number; format: string; credits: number }) {
  const model: KieModel = {
    name,
    makes: 'picture',
    fields: {
      aspect_ratio: oneOf(name === 'nano-banana-2' ? BANANA_2_RATIOS : [...RATIOS, 'auto'], 'auto'),
      image_input: { kind: 'addresses', min: 0, max: limits.pictures },
      output_format: oneOf(['png', 'jpg'], limits.format),
      prompt: prompt(limits.prompt),
      resolution: oneOf(['1K', '2K', '4K'], '1K'),
    },
    pictures: ['image_input'],
    maxPictureMb: 30,
    credits: (input) => limits.credits * (input['resolution'] === '4K' ? 2 : 1),
  };
  return model;
}

function oldKling(
  name: string,
  limits: { prompt: number; mode: 'std' | 'pro'; creditsPerSecond: number; tail: boolean },
) {
  const model: KieModel = {
    name,
    makes: 'clip',
    fields: {
      prompt: prompt(limits.prompt),
      image_url: { kind: 'address', required: true },
      ...(limits.tail && { tail_image_url: { kind: 'address' } as FieldRule }),
      duration: fiveOrTen,
      negative_prompt: { kind: 'text', max: limits.prompt === 2500 ? 2496 : 500 },
      cfg_scale: { kind: 'number', min: 0, max: 1, standard: 0.5 },
    },
    pictures: limits.tail ? ['image_url', 'tail_image_url'] : ['image_url'],
    mode: limits.mode,
    credits: (input) => limits.creditsPerSecond * secondsOf(input),
  };
  return model;
}

const soraFields: Record<string, FieldRule> = {
  prompt: prompt(10_000),
  aspect_ratio: oneOf(['portrait', 'landscape'], 'landscape'),
  n_frames: oneOf(['10', '15'], '10'),
  remove_watermark: { kind: 'flag', standard: false },
  character_id_list: { kind: 'list', max: 5 },
  upload_method: { kind: 'choice', allowed: ['s3', 'oss'], required: true },
};

/**
 * The models and their inputs as Kie.ai's pages gave them on 2026-04-29. Credits are near the prices of 2026, good
 * enough to see a balance go down; they are not the vendor's bill.
 */
const MODELS: KieModel[] = [
  { name: 'google/nano-banana', makes: 'picture', fields: googleImage, pictures: [], credits: () => 4 },
  {
    name: 'google/nano-banana-edit',
    makes: 'picture',
    fields: { ...googleImage, image_urls: { kind: 'addresses', min: 1, max: 10, required: true } },
    pictures: ['image_urls'],
    credits: () => 4,
  },
  bananaOfNumber('nano-banana-2', { prompt: 20_000, pictures: 14, format: 'jpg', credits: 8 }),
  bananaOfNumber('nano-banana-pro', { prompt: 10_000, pictures: 8, format: 'png', credits: 18 }),
  {
    name: 'kling-2.6/image-to-video',
    makes: 'clip',
    fields: {
      prompt: prompt(1000),
      image_urls: { kind: 'addresses', min: 1, max: 1, required: true },
      sound: { kind: 'flag', required: true },
      duration: { kind: 'choice', allowed: ['5', '10'], required: true },
    },
    pictures: ['image_urls'],
    mode: 'std',
    credits: (input) => 11 * secondsOf(input) * (input['sound'] === true ? 2 : 1),
  },
  {
    name: 'kling-2.6/text-to-video',
    makes: 'clip',
    fields: {
      prompt: prompt(1000),
      sound: { kind: 'flag', required: true },
      aspect_ratio: { kind: 'choice', allowed: VIDEO_RATIOS, required: true },
      duration: { kind: 'choice', allowed: ['5', '10'], required: true },
    },
    pictures: [],
    mode: 'std',
    credits: (input) => 11 * secondsOf(input) * (input['sound'] === true ? 2 : 1),
  },
  {
    name: 'kling-3.0/video',
    makes: 'clip',
    fields: {
      prompt: { kind: 'text', max: 2500 },
      image_urls: { kind: 'addresses', min: 0, max: 2 },
      sound: { kind: 'flag', standard: false },
      duration: oneOf(
        Array.from({ length: 13 }, (_, index) => String(index + 3)),
        '5',
      ),
      aspect_ratio: oneOf(VIDEO_RATIOS, '16:9'),
      mode: oneOf(['std', 'pro', '4K'], 'pro'),
      multi_shots: { kind: 'flag', standard: false },
      multi_prompt: { kind: 'list', max: 5 },
      kling_elements: { kind: 'list', max: 3 },
    },
    pictures: ['image_urls'],
    mode: 'pro',
    check: checkShots,
    credits: (input) => (input['mode'] === 'std' ? 14 : 18) * secondsOf(input),
  },
  oldKling('kling/v2-1-standard', { prompt: 5000, mode: 'std', creditsPerSecond: 5, tail: false }),
  oldKling('kling/v2-1-pro', { prompt: 5000, mode: 'pro', creditsPerSecond: 10, tail: true }),
  oldKling('kling/v2-1-master-image-to-video', { prompt: 5000, mode: 'pro', creditsPerSecond: 32, tail: false }),
  oldKling('kling/v2-5-turbo-image-to-video-pro', { prompt: 2500, mode: 'pro', creditsPerSecond: 8.4, tail: true }),
  { name: 'sora-2-text-to-video', makes: 'clip', fields: soraFields, pictures: [], mode: 'std', credits: () => 30 },
  {
    name: 'sora-2-image-to-video',
    makes: 'clip',
    fields: { ...soraFields, image_urls: { kind: 'addresses', min: 1, max: 1, required: true } },
    pictures: ['image_urls'],
    mode: 'std',
    credits: () => 30,
  },
];

/** Names that Kie.ai refused as paused from 2026-06-11 to 2026-08-31 at least. */
export const pausedByDefault: readonly string[] = MODELS.map((model) => model.name).filter((name) =>
  name.startsWith('sora-2'),
);

/** The model of that name, or null when Kie.ai has none. */
export function kieModel(name: string): KieModel | null {
  return MODELS.find((model) => model.name === name) ?? null;
}

/** A prompt for one shot, a list of prompts for several; several shots begin with one picture at most. */
function checkShots(input: Fields): void {
  if (input['multi_shots'] !== true) {
    if (input['prompt'] === undefined) throw missing('prompt');
    return;
  }
  const shots = input['multi_prompt'];
  if (!Array.isArray(shots)) throw missing('multi_prompt');
  for (const given of shots as (Fields | null)[]) {
    const shot = given ?? {};
    const seconds = Number(shot['duration']);
    if (typeof shot['prompt'] !== 'string' || shot['prompt'].length > 500) {
      throw new KieRefusal(422, 'multi_prompt: a prompt of at most 500 characters is required');
    }
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 12) {
      throw new KieRefusal(422, 'multi_prompt: the duration must be between 1 and 12');
    }
  }
}
