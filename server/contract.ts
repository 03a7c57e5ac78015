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

export const presetSchema = z
  .object({
    id,
    kind: z.enum(jobKinds),
    title: z
      .string()
      .describe('in the language asked for by Accept-Language or the token locale; Russian, English or Vietnamese'),
    model: z.string().describe('model label to show'),
    seconds: z.int().nullable(),
    aspectRatio: z.string().describe('"3:4"'),
    tokensCost: tokens,
    limits: z.object({
      minFrameWidth: pixels,
      minFrameHeight: pixels,
      maxPromptLength: z.int(),
    }),
  })
  .openapi('Preset');

/** What a marketplace may ask of a finished file. */
export const marketplaceRules = ['minSeconds', 'maxSeconds', 'maxBytes', 'container', 'aspectRatio'] as const;

const mediaSchema = z.object({ url: z.url(), width: pixels, height: pixels });

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
    video: mediaSchema
      .extend({ downloadUrl: z.url(), posterUrl: z.url(), seconds: z.number(), bytes: z.int() })
      .optional(),
    image: mediaSchema.extend({ downloadUrl: z.url(), bytes: z.int() }).optional(),
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
    fit: z.enum(['crop', 'pad']).default('crop'),
    prompt: z.string().trim().min(1).max(2500).optional().describe("replaces the preset's prompt"),
    title: z.string().trim().max(200).optional(),
    description: z.string().trim().max(5000).optional(),
    groupId: id.optional(),
    parentId: id.optional(),
  })
  .openapi('CreateJob');

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
