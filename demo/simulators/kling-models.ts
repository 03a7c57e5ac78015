/** What one model version can do. `units` are billed per second: [720p, 1080p, 4k], with and without sound. */
export type KlingModel = {
  /** Legacy name (`model_name`), or null where only the new path exists. */
  legacyName: string | null;
  /** Name in the new path, or null for models that were never moved. */
  pathName: string | null;
  minSeconds: number;
  maxSeconds: number;
  /** Only 5 and 10 are allowed. */
  fiveOrTen: boolean;
  fourK: boolean;
  sound: 'never' | 'any mode' | 'pro only' | 'always';
  endFrame: 'never' | 'pro only' | 'any mode';
  textToVideo: boolean;
  unitsPerSecond: number;
  unitsPerSecondPro: number;
};

const OLD = {
  pathName: null,
  minSeconds: 5,
  maxSeconds: 10,
  fiveOrTen: true,
  fourK: false,
  sound: 'never',
  endFrame: 'pro only',
  textToVideo: true,
  unitsPerSecond: 0.4,
  unitsPerSecondPro: 0.7,
} as const;

const VERSION_3 = {
  minSeconds: 3,
  maxSeconds: 15,
  fiveOrTen: false,
  fourK: true,
  sound: 'any mode',
  endFrame: 'any mode',
  textToVideo: true,
  unitsPerSecond: 0.6,
  unitsPerSecondPro: 0.8,
} as const;

/** Video models of the text and picture endpoints (official pages of April to September 2026; prices of September). */
const MODELS: KlingModel[] = [
  { ...OLD, legacyName: 'kling-v1' },
  { ...OLD, legacyName: 'kling-v1-5', textToVideo: false },
  { ...OLD, legacyName: 'kling-v1-6' },
  { ...OLD, legacyName: 'kling-v2-master', endFrame: 'never' },
  { ...OLD, legacyName: 'kling-v2-1', textToVideo: false },
  { ...OLD, legacyName: 'kling-v2-1-master', endFrame: 'never' },
  { ...OLD, legacyName: 'kling-v2-5-turbo', pathName: 'kling-2.5-turbo', unitsPerSecond: 0.3, unitsPerSecondPro: 0.5 },
  {
    ...OLD,
    legacyName: 'kling-v2-6',
    pathName: 'kling-2.6',
    sound: 'pro only',
    unitsPerSecond: 0.3,
    unitsPerSecondPro: 0.5,
  },
  { ...VERSION_3, legacyName: 'kling-v3', pathName: 'kling-3.0' },
  {
    ...VERSION_3,
    legacyName: null,
    pathName: 'kling-3.0-turbo',
    fourK: false,
    sound: 'always',
    endFrame: 'never',
    unitsPerSecond: 0.8,
    unitsPerSecondPro: 1,
  },
];

/**
 * Names that the real server is believed to refuse since 2026-09-15. Only `kling-v1` was seen refused (2026-09-20);
 * the others come from a note that cites a vendor page. There is no official list.
 */
export const discontinuedByDefault: readonly string[] = MODELS.filter((model) => model.pathName === null).map(
  (model) => model.legacyName!,
);

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
