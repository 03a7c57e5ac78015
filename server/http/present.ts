import { maxOwnPromptLength, type Job, type LedgerEntry, type Preset, type Style, type Upload } from '../contract.ts';
import { jobErrorTexts, type JobErrorCode } from '../errors.ts';
import { minFrame, parseRatio } from '../jobs/frame.ts';
import { openStatuses, progressOf } from '../jobs/job.ts';
import { findModel } from '../jobs/models.ts';
import { maxPromptLength } from '../jobs/prompt.ts';
import { checkMarketplace } from '../jobs/marketplace.ts';
import { receiptOf } from '../jobs/receipt.ts';
import { styles } from '../jobs/styles.ts';
import type { JobService, QueuePlace } from '../jobs/service.ts';
import type { Choice, JobRow, LedgerRow, MarketplaceRules, PresetRow, Titles, UploadRow } from '../store/schema.ts';
import type { HttpParts } from './env.ts';
import type { MediaLinks } from './media-links.ts';
import { neutralPosterUrl } from './posters.ts';
import { presentResult } from './present-result.ts';

/** Kling's own estimate is a guess; a clip that is late is always "soon". */
const soonMs = 5_000;

export const isoTime = (ms: number): string => new Date(ms).toISOString();

interface PresenterParts extends Pick<HttpParts, 'store' | 'runtime'> {
  jobs: Pick<JobService, 'queuePlaces'>;
  link: MediaLinks;
  publicUrl: string;
}

/** Turns rows into the shapes of the contract. Nothing of a row leaves that is not named here. */
export function createPresenter({ store, runtime, jobs, link, publicUrl }: PresenterParts) {
  const neutralPoster = (aspectRatio: string) => neutralPosterUrl(publicUrl, aspectRatio);

  /** What the marketplace of a finished job asks, by the revision that it was made with. */
  async function rulesFor({ video, presetId, presetRevision }: JobRow): Promise<MarketplaceRules | null> {
    if (!video) return null;
    return (await store.presets.revision(presetId, presetRevision))?.rules ?? null;
  }

  async function sourcesOf(rows: JobRow[]): Promise<Map<string, UploadRow>> {
    const ids = rows.map(({ uploadId }) => uploadId).filter((id) => id !== null);
    const uploads = await store.uploads.getMany(ids);
    return new Map(uploads.map((upload) => [upload.id, upload]));
  }

  async function presentJobs(rows: JobRow[]): Promise<Job[]> {
    const sources = await sourcesOf(rows);
    const places = rows.some(isQueued) ? await jobs.queuePlaces() : noPlaces;
    const answers: Job[] = [];
    for (const row of rows) {
      const rules = await rulesFor(row);
      const job = jobOf(row, sources.get(row.uploadId ?? ''), places.get(row.id));
      answers.push({ ...job, ...(rules && row.video && marketplaceOf(row.video, rules)) });
    }
    return answers;
  }

  function jobOf(row: JobRow, source: UploadRow | undefined, place: QueuePlace | undefined): Job {
    const now = runtime.now();
    const waits = isQueued(row);
    return {
      id: row.id,
      kind: row.kind,
      presetId: row.presetId,
      status: row.status,
      stage: row.stage,
      progress: progressOf(row, now),
      ...(waits && place && { queuePosition: place.position }),
      ...estimateOf(row, waits ? place?.expectedMs : undefined, now),
      tokensCost: row.tokensCost,
      refunded: receiptOf(row).refunded > 0,
      ...present({
        title: row.title,
        description: row.description,
        groupId: row.groupId,
        parentId: row.parentId,
        styleId: row.styleId,
      }),
      prompt: row.prompt,
      aspectRatio: row.aspectRatio,
      seconds: row.seconds || null,
      ...(source && { source: { url: link(source), width: source.width, height: source.height } }),
      ...presentResult(row, { link, now, neutralPoster }),
      provider: row.provider,
      model: row.model,
      ...present({ providerTaskId: row.providerTaskId }),
      ...(row.status === 'failed' && { error: errorOf(row.errorCode) }),
      receipt: receiptOf(row),
      createdAt: isoTime(row.createdAt),
      updatedAt: isoTime(row.updatedAt),
      ...(row.completedAt !== null && { completedAt: isoTime(row.completedAt) }),
    };
  }

  return {
    /** In the order given, with one read for all their pictures. */
    jobs: presentJobs,
    job: async (row: JobRow): Promise<Job> => (await presentJobs([row]))[0]!,
    upload({ id, key, width, height, bytes, contentType, sha256 }: UploadRow): Upload {
      return { id, width, height, bytes, contentType, sha256, url: link({ key, contentType }) };
    },
  };
}

export type Presenter = ReturnType<typeof createPresenter>;

/** Pass or fail of each rule; numbers stay with the operator. Empty when the marketplace asks nothing. */
function marketplaceOf(video: NonNullable<JobRow['video']>, rules: MarketplaceRules): Pick<Job, 'marketplace'> {
  const checks = checkMarketplace(video, rules).map(({ rule, passes }) => ({ rule, passes }));
  return checks.length > 0 ? { marketplace: { name: rules.marketplace, checks } } : {};
}

const noPlaces = new Map<string, QueuePlace>();
const isQueued = (row: JobRow) => row.stage === 'queued' && row.status === 'pending';

function estimateOf(row: JobRow, queuedMs: number | undefined, now: number): { estimate?: number } {
  if (!openStatuses.includes(row.status)) return {};
  if (row.stage === 'saving') return { estimate: soonMs / 1000 };
  const elapsedMs = row.submittedAt === null ? 0 : now - row.submittedAt;
  const leftMs = queuedMs ?? Math.max(soonMs, row.expectedMs - elapsedMs);
  return { estimate: Math.ceil(leftMs / 1000) };
}

function errorOf(code: string | null): NonNullable<Job['error']> {
  const known: JobErrorCode =
    code !== null && Object.hasOwn(jobErrorTexts, code) ? (code as JobErrorCode) : 'provider_failed';
  return { code: known, message: jobErrorTexts[known] };
}

/** Without the columns that are empty. */
function present<T extends Record<string, string | null>>(columns: T): { [K in keyof T]?: string } {
  const filled = Object.entries(columns).filter(([, value]) => value !== null);
  return Object.fromEntries(filled) as { [K in keyof T]?: string };
}

/** A line of the seller's ledger. Who acted stays with the operator. */
export function presentEntry(row: LedgerRow): LedgerEntry {
  const { id, kind, amount, balanceAfter, jobId, reference, note } = row;
  return { id, kind, amount, balanceAfter, ...present({ jobId, reference, note }), createdAt: isoTime(row.createdAt) };
}

/** `languages` in order of preference, as language tags. `minSide` is the provider's smallest side of a picture. */
export function presentPreset(
  row: PresetRow,
  { languages, minSide }: { languages: string[]; minSide: number },
): Preset {
  const least = minFrame(parseRatio(row.aspectRatio), minSide);
  const model = findModel(row);
  return {
    id: row.presetId,
    kind: row.kind,
    title: titleIn(row.titles, languages),
    model: modelLabel(row.model),
    seconds: row.seconds || null,
    aspectRatio: row.aspectRatio,
    quality: model?.resolution ?? '',
    tokensCost: row.tokensCost,
    choices: choicesOf(row),
    limits: {
      minFrameWidth: least.width,
      minFrameHeight: least.height,
      maxPromptLength: Math.min(model?.maxPromptLength ?? maxPromptLength, maxOwnPromptLength),
    },
  };
}

/** The looks that may be added to an order. */
export const presentStyles = ({ languages, publicUrl }: { languages: string[]; publicUrl: string }): Style[] =>
  styles.map(({ id, titles }) => ({
    id,
    title: titleIn(titles, languages),
    pictureUrl: `${publicUrl}/styles/${id}.svg`,
  }));

/** Every choice with the preset's own value first; nothing where there is but one. */
function choicesOf({ provider, model, mode, seconds, aspectRatio, choices }: PresetRow): Preset['choices'] {
  const withOwn = <T>(own: T, others: readonly Choice<T>[] = []): Choice<T>[] =>
    others.length === 0 ? [] : [{ value: own, extraTokens: 0 }, ...others.filter(({ value }) => value !== own)];
  const quality = (value: string) => findModel({ provider, model, mode: value })?.resolution || value;
  return {
    aspectRatios: withOwn(aspectRatio, choices.aspectRatios),
    seconds: withOwn(seconds, choices.seconds),
    modes: withOwn(mode, choices.modes).map((choice) => ({ ...choice, quality: quality(choice.value) })),
  };
}

function titleIn(titles: Titles, languages: string[]): string {
  for (const language of languages) {
    const base = language.split('-', 1)[0]!.toLowerCase();
    if (base === 'ru' || base === 'en' || base === 'vi') return titles[base];
  }
  return titles.en;
}

/** `kling-v2-6` and `kling-2.6/image-to-video` → `Kling 2.6`, `google/nano-banana-edit` → `Nano Banana Edit`. */
export function modelLabel(model: string): string {
  const name = model
    .replace(/^google\//, '')
    .replace(/[/-](text-to-video|image-to-video|video)$/, '')
    .replace(/^kling-v(\d+)-(\d+)/, 'kling-$1.$2')
    .replace(/^kling-v/, 'kling-');
  return name.replace(/(^|-)(\w)/g, (_, start: string, letter: string) => (start && ' ') + letter.toUpperCase());
}
