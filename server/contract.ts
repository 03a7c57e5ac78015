/**
 * The public API: one zod schema per shape that crosses HTTP. The server validates with them, `/openapi.json` is made
 * from them, and the widget imports their types only.
 */
import { z } from '@hono/zod-openapi';
import { errorRules, jobErrorTexts, type ErrorCode, type JobErrorCode } from './errors.ts';
import { jobKinds, jobStages, jobStatuses } from './jobs/job.ts';

const id = z.string().min(1).max(64);
const time = z.iso.datetime().describe('ISO 8601, UTC');
const tokens = z.int().describe('whole tokens');
const pixels = z.int().positive();
/** Of a seller's own prompt, in UTF-16 units; a model may take less. */
export const maxOwnPromptLength = 2500;

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(errorRules) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string(),
    requestId: z.string(),
  })
  .openapi('Problem', {
    description: 'RFC 9457 problem details with a stable code and facts such as needed, balance, retryAfter',
  });

export const frameSchema = z
  .strictObject({ x: z.int().nonnegative(), y: z.int().nonnegative(), width: pixels, height: pixels })
  .openapi('Frame', { description: 'A rectangle in pixels of the upright source picture (EXIF orientation applied)' });

const choiceOf = <T extends z.ZodType>(value: T) =>
  z.object({ value, extraTokens: tokens.describe('on top of tokensCost') });

export const presetSchema = z
  .object({
    id,
    kind: z.enum(jobKinds),
    title: z
      .string()
      .describe('in the language asked for by Accept-Language or the token locale; Russian, English or Vietnamese'),
    model: z.string().describe('model label to show'),
    seconds: z.int().nullable().describe('null for a picture'),
    aspectRatio: z.string().describe('"3:4"'),
    quality: z.string().describe('what the quality is called, such as 720p; may be empty'),
    tokensCost: tokens,
    choices: z
      .object({
        aspectRatios: z.array(choiceOf(z.string())),
        seconds: z.array(choiceOf(z.int())),
        modes: z.array(choiceOf(z.string()).extend({ quality: z.string() })),
      })
      .describe('what may be chosen, the own value first; a list with nothing to choose is empty'),
    limits: z.object({
      minFrameWidth: pixels,
      minFrameHeight: pixels,
      maxPromptLength: z.int(),
    }),
  })
  .openapi('Preset');

export const styleSchema = z
  .object({ id, title: z.string(), pictureUrl: z.url() })
  .openapi('Style', { description: 'A look whose words are added to the prompt' });

/** What a marketplace may ask of a finished file. */
export const marketplaceRules = ['minSeconds', 'maxSeconds', 'maxBytes', 'container', 'aspectRatio'] as const;

const mediaSchema = z.object({ url: z.url(), width: pixels, height: pixels });
const resultSchema = mediaSchema.extend({
  downloadUrl: z.url(),
  bytes: z.int(),
  expiresAt: time.optional().describe("only where the operator keeps no copy: when the provider's address ends"),
  expired: z.boolean().optional().describe('true: the address has ended, there is nothing to show any more'),
});

export const jobSchema = z
  .object({
    id,
    kind: z.enum(jobKinds),
    presetId: id,
    status: z.enum(jobStatuses),
    stage: z.enum(jobStages),
    progress: z.int().min(0).max(100).describe('per cent; never goes backwards'),
    queuePosition: z.int().positive().optional().describe('1 is next; only while queued'),
    estimate: z.int().nonnegative().optional().describe('seconds until done, a guess from recent jobs'),
    tokensCost: tokens,
    refunded: z.boolean(),
    title: z.string().optional(),
    description: z.string().optional(),
    groupId: z.string().optional(),
    parentId: z.string().optional(),
    prompt: z.string().describe('the prompt as it is sent to the provider'),
    source: mediaSchema.optional().describe('the uploaded picture'),
    aspectRatio: z.string(),
    seconds: z.int().nullable().describe('as ordered; null for a picture'),
    styleId: z.string().optional(),
    video: resultSchema.extend({ posterUrl: z.url(), seconds: z.number() }).optional(),
    image: resultSchema.optional(),
    marketplace: z
      .object({
        name: z.string(),
        checks: z.array(z.object({ rule: z.enum(marketplaceRules), passes: z.boolean() })),
      })
      .optional()
      .describe('the finished file against what its marketplace asks; a rule that is not met does not fail the job'),
    provider: z.string(),
    model: z.string(),
    providerTaskId: z.string().optional(),
    error: z
      .object({ code: z.enum(Object.keys(jobErrorTexts) as [JobErrorCode, ...JobErrorCode[]]), message: z.string() })
      .optional(),
    receipt: z
      .object({ quoted: tokens, debited: tokens, refunded: tokens, reason: z.string().optional() })
      .describe('what was asked, taken and given back for this job, and why'),
    createdAt: time,
    updatedAt: time,
    completedAt: time.optional(),
  })
  .openapi('Job');

export const uploadLimitsSchema = z
  .object({
    contentTypes: z.array(z.string()),
    maxBytes: z.int(),
    maxPixels: z.int(),
    minSide: pixels,
    maxRatio: z.number().describe('longer side divided by shorter side'),
  })
  .openapi('UploadLimits');

export const sessionSchema = z
  .object({
    site: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string().optional(), locale: z.string().optional() }),
    balance: tokens,
    presets: z.array(presetSchema),
    styles: z.array(styleSchema),
    upload: uploadLimitsSchema,
    activeJobs: z.array(jobSchema),
  })
  .openapi('Session');

export const uploadSchema = z
  .object({
    id,
    width: pixels.describe('of the upright picture'),
    height: pixels.describe('of the upright picture'),
    bytes: z.int(),
    contentType: z.string(),
    sha256: z.string(),
    url: z.url(),
  })
  .openapi('Upload');

export const createJobSchema = z
  .strictObject({
    presetId: id,
    uploadId: id.optional(),
    frame: frameSchema.optional().describe('default: the largest centred frame of the preset ratio'),
    fit: z.enum(['crop', 'pad']).optional().describe('default: crop, or as the parent has it'),
    prompt: z.string().trim().min(1).max(maxOwnPromptLength).optional().describe("replaces the preset's prompt"),
    title: z.string().trim().max(200).optional(),
    description: z.string().trim().max(5000).optional(),
    groupId: id.optional(),
    groupName: z.string().trim().min(1).max(200).optional().describe('what the group is called; the last one counts'),
    parentId: id
      .optional()
      .describe('a variant of this job: picture, frame, title, description and group are taken from it where left out'),
    aspectRatio: z.string().max(9).optional().describe("one of the preset's choices"),
    seconds: z.int().positive().optional().describe("one of the preset's choices"),
    mode: z.string().max(20).optional().describe("one of the preset's choices"),
    styleId: id.optional(),
  })
  .openapi('CreateJob');

export const groupSchema = z
  .object({ id, name: z.string(), jobs: z.int().positive(), createdAt: time })
  .openapi('Group', { description: 'Jobs that belong together, such as the scenes of one product' });

export const shareSchema = z
  .object({
    url: z.url().describe('a page that plays the clip'),
    videoUrl: z.url().describe('the clip or picture itself, as long as the link is not ended'),
    posterUrl: z.url(),
    embedCode: z.string().describe('HTML for a shop: muted, looping, inline, still under reduced motion'),
  })
  .openapi('Share', { description: 'The public link of one finished clip or picture; anybody who has it can look' });

const tooMany = 50;
export const createBatchSchema = z
  .strictObject({
    ...createJobSchema.omit({ uploadId: true, frame: true, fit: true, title: true, parentId: true }).shape,
    items: z
      .array(
        z.strictObject({
          uploadId: id,
          frame: frameSchema.optional(),
          fit: z.enum(['crop', 'pad']).default('crop'),
          title: z.string().trim().max(200).optional(),
        }),
      )
      .min(1)
      .max(tooMany),
    budget: tokens.positive().optional().describe('not more than this is spent; items beyond it are not ordered'),
    dryRun: z.boolean().default(false).describe('true: only the price; nothing is made and nothing is charged'),
  })
  .openapi('CreateBatch');

export const batchSchema = z
  .object({
    groupId: z.string().describe('all jobs of the batch are in this group'),
    count: z.int(),
    total: tokens.describe('of all items'),
    spent: tokens,
    balance: tokens,
    affordable: z.boolean().describe('whether balance and budget cover the total'),
    items: z.array(
      z.object({
        job: jobSchema.optional(),
        error: problemSchema.pick({ code: true, detail: true }).optional().describe('with the facts of the problem'),
      }),
    ),
  })
  .openapi('Batch');

export const createdJobSchema = z.object({ job: jobSchema, balance: tokens }).openapi('CreatedJob');

export const ledgerKinds = ['grant', 'debit', 'refund', 'correction'] as const;
export const ledgerEntrySchema = z
  .object({
    id,
    kind: z.enum(ledgerKinds),
    amount: tokens.describe('positive adds, negative takes'),
    balanceAfter: tokens,
    jobId: z.string().optional(),
    reference: z.string().optional(),
    note: z.string().optional(),
    createdAt: time,
  })
  .openapi('LedgerEntry');

export const sceneSchema = z
  .object({
    title: z.string().max(80).describe("in the seller's language"),
    description: z.string().max(300).describe("in the seller's language"),
    prompt: z.string().max(1000).describe('in English, for the video model'),
  })
  .openapi('Scene');

export const scenesSchema = z
  .object({
    scenes: z.array(sceneSchema).length(3),
    source: z
      .enum(['openai', 'default'])
      .describe('`default` when the service for ideas is not set up or did not answer'),
  })
  .openapi('Scenes');

export const sceneRequestSchema = z
  .strictObject({
    productName: z.string().trim().min(1).max(200),
    description: z.string().trim().max(5000),
    locale: z
      .string()
      .max(35)
      .optional()
      .describe('Russian, English or Vietnamese; without it by Accept-Language or the token locale'),
  })
  .openapi('SceneRequest');

/** A newest-first page: `nextCursor` is null on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  cursor: z.string().max(64).optional(),
});
export const jobListQuerySchema = pageQuerySchema.extend({
  kind: z.enum(jobKinds).optional(),
  groupId: id.optional(),
  parentId: id.optional().describe('variants of this job'),
  q: z.string().trim().min(1).max(100).optional().describe('words of the prompt or the title'),
});

export const grantSchema = z
  .strictObject({
    amount: z.int().positive().max(1_000_000_000),
    reference: z.string().trim().min(1).max(200).describe('your own id of this payment; repeating it grants once'),
    note: z.string().trim().max(500).optional(),
  })
  .openapi('Grant');

export const hostAccountSchema = z
  .object({ userId: z.string(), name: z.string().optional(), balance: tokens, createdAt: time })
  .openapi('HostAccount');

const jobNews = z.object({ userId: z.string(), job: jobSchema });
const eventTimes = { timestamp: time.describe('when it happened; the same on every try') };

/** What is posted to a host's webhook endpoint. */
export const hostEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('job.completed'), ...eventTimes, data: jobNews }),
    z.object({ type: z.literal('job.failed'), ...eventTimes, data: jobNews }),
    z.object({
      type: z.literal('balance.changed'),
      ...eventTimes,
      data: z.object({
        userId: z.string(),
        entryId: id.describe('of the ledger; later entries sort later'),
        balance: tokens.describe('right after this change'),
        change: tokens.describe('positive was added, negative taken'),
        reason: z.enum(ledgerKinds),
        jobId: z.string().optional(),
        reference: z.string().optional(),
      }),
    }),
    z.object({ type: z.literal('webhook.test'), ...eventTimes, data: z.object({ endpointId: id }) }),
  ])
  .openapi('HostEvent');

export type { JobKind, JobStage, JobStatus } from './jobs/job.ts';
export type LedgerKind = (typeof ledgerKinds)[number];
export type Problem = z.infer<typeof problemSchema>;
export type Frame = z.infer<typeof frameSchema>;
export type Preset = z.infer<typeof presetSchema>;
export type Style = z.infer<typeof styleSchema>;
export type Group = z.infer<typeof groupSchema>;
export type Share = z.infer<typeof shareSchema>;
export type CreateBatch = z.input<typeof createBatchSchema>;
export type Batch = z.infer<typeof batchSchema>;
export type Job = z.infer<typeof jobSchema>;
export type UploadLimits = z.infer<typeof uploadLimitsSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type Upload = z.infer<typeof uploadSchema>;
export type CreateJob = z.input<typeof createJobSchema>;
export type CreatedJob = z.infer<typeof createdJobSchema>;
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
export type Scene = z.infer<typeof sceneSchema>;
export type Scenes = z.infer<typeof scenesSchema>;
export type SceneRequest = z.infer<typeof sceneRequestSchema>;
export type Grant = z.infer<typeof grantSchema>;
export type HostAccount = z.infer<typeof hostAccountSchema>;
export type HostEventMessage = z.infer<typeof hostEventSchema>;

/** What `GET /v1/events` sends: the SSE event name decides the shape of its JSON data. */
export type ServerEvent = { event: 'job'; data: { job: Job } } | { event: 'balance'; data: { balance: number } };
