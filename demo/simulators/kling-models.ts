/** Billing units per second by mode; a mode that is missing does not exist. */
type Rates = { std?: number; pro?: number; '4k'?: number };

/** What one video model version can do, and what it costs. */
export type KlingModel = {
  /** Legacy name (`model_name`), or null where only the new path exists. */
  legacyName: string | null;
  /** Name in the new path, or null for models that were never moved. */
  pathName: string | null;
  minSeconds: number;
  maxSeconds: number;
  /** Only 5 and 10 are allowed. */
  fiveOrTen: boolean;
  sound: 'never' | 'any mode' | 'pro only' | 'always';
  endFrame: 'never' | 'any mode' | 'pro only' | 'pro and silent';
  textToVideo: boolean;
  /** Several shots in one clip; and elements, which came with the same version. */
  multiShot: boolean;
  /** Voices of one's own, at most two. */
  voices: boolean;
  /** The longest prompt on the new paths, in characters; the legacy ones take 2500 from every model. */
  maxPrompt: { text2video: number; image2video: number };
  silentRates: Rates;
  /** Empty where there is no sound. */
  soundRates: Rates;
};

const OLD = {
  pathName: null,
  minSeconds: 5,
  maxSeconds: 10,
  fiveOrTen: true,
  sound: 'never',
  endFrame: 'pro only',
  textToVideo: true,
  multiShot: false,
  voices: false,
  maxPrompt: { text2video: 2500, image2video: 2500 },
  silentRates: { std: 0.4, pro: 0.7 },
  soundRates: {},
} as const;

const VERSION_3 = {
  minSeconds: 3,
  maxSeconds: 15,
  fiveOrTen: false,
  sound: 'any mode',
  endFrame: 'any mode',
  textToVideo: true,
  multiShot: true,
  voices: false,
  maxPrompt: { text2video: 3072, image2video: 3072 },
  silentRates: { std: 0.6, pro: 0.8, '4k': 3 },
  soundRates: { std: 0.9, pro: 1.2, '4k': 3 },
} as const;

/** Video models of the text and picture endpoints (official pages of April to September 2026; prices of September). */
const MODELS: KlingModel[] = [
  { ...OLD, legacyName: 'kling-v1' },
  { ...OLD, legacyName: 'kling-v1-5', textToVideo: false },
  { ...OLD, legacyName: 'kling-v1-6' },
  { ...OLD, legacyName: 'kling-v2-master', endFrame: 'never' },
  { ...OLD, legacyName: 'kling-v2-1', textToVideo: false },
  { ...OLD, legacyName: 'kling-v2-1-master', endFrame: 'never' },
  { ...OLD, legacyName: 'kling-v2-5-turbo', pathName: 'kling-2.5-turbo', silentRates: { std: 0.3, pro: 0.5 } },
  {
    ...OLD,
    legacyName: 'kling-v2-6',
    pathName: 'kling-2.6',
    sound: 'pro only',
    endFrame: 'pro and silent',
    voices: true,
    silentRates: { std: 0.3, pro: 0.5 },
    soundRates: { pro: 1 },
  },
  { ...VERSION_3, legacyName: 'kling-v3', pathName: 'kling-3.0' },
  {
    ...VERSION_3,
    legacyName: null,
    pathName: 'kling-3.0-turbo',
    sound: 'always',
    endFrame: 'never',
    multiShot: false,
    maxPrompt: { text2video: 3072, image2video: 2500 },
    silentRates: {},
    soundRates: { std: 0.8, pro: 1 },
  },
];

/**
 * Names that the real server is believed to refuse since 2026-09-15. Only `kling-v1` was seen refused (2026-09-20);
 * the others come from a note that cites a vendor page. There is no official list. Picture models stand behind
 * `images/`, because `kling-v2-1` went for videos and stayed for pictures.
 */
export const discontinuedByDefault: readonly string[] = [
  ...MODELS.filter((model) => model.pathName === null).map((model) => model.legacyName!),
  'images/kling-v1',
  'images/kling-v1-5',
  'images/kling-v2',
];

/** The model of a legacy `model_name`, or null when no such name exists. */
export function legacyModel(name: string): KlingModel | null {
  return MODELS.find((model) => model.legacyName === name) ?? null;
}

/** The model of a new-standard path, or null when no such path exists. */
export function pathModel(name: string): KlingModel | null {
  return MODELS.find((model) => model.pathName === name) ?? null;
}

/** One name for a model version, whichever generation of the API asks: both share the account's slots. */
export function versionName(model: KlingModel): string {
  return model.pathName ?? model.legacyName!;
}

/** What one picture model can do, and its units for one picture (capability map of May, prices of September 2026). */
export type ImageModel = {
  name: string;
  /** `image_reference`: a character or a face. */
  referenceKinds: boolean;
  elements: boolean;
  unitsFromText: number;
  unitsFromImage: number;
};

const IMAGE_MODELS: ImageModel[] = [
  { name: 'kling-v2-1', referenceKinds: true, elements: false, unitsFromText: 4, unitsFromImage: 8 },
  { name: 'kling-v3', referenceKinds: false, elements: true, unitsFromText: 8, unitsFromImage: 8 },
];

/** The picture model of this name, or null when no such name exists. */
export function imageModel(name: string): ImageModel | null {
  return IMAGE_MODELS.find((model) => model.name === name) ?? null;
}
