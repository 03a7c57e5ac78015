import { z } from 'zod';
import type { HttpAnswer } from './exchange.ts';
import type { KieSend } from './kie-http.ts';
import type { SubmitOutcome } from './provider.ts';
import { cleanText, shownBody } from './vendor-text.ts';

/** An upload leaves at least half of a submit's time to the create that follows. */
const uploadTimeoutMs = 15_000;
/** The file host keeps files for three days (upload pages, snapshot 2026-04-29); a job is put off for far less. */
const rememberMs = 3_600_000;
const maxRemembered = 1000;
const folder = 'kling-video-cover';

/** No task can exist before its picture has an address, so nothing of an upload is ever unclear. */
export type UploadOutcome =
  { outcome: 'uploaded'; url: string } | Exclude<SubmitOutcome, { outcome: 'accepted' | 'exists' | 'unclear' }>;

/** Brings one picture to Kie's file host. The same task's picture is not sent again within the hour. */
export type KieUpload = (
  picture: { bytes: Uint8Array; externalId: string },
  signal: AbortSignal,
) => Promise<UploadOutcome>;

/** `send` talks to the file host. */
export function createKieUpload({ send, now }: { send: KieSend; now: () => number }): KieUpload {
  const known = new Map<string, { url: string; until: number }>();

  function remember(externalId: string, url: string): void {
    if (known.size >= maxRemembered) known.clear();
    known.set(externalId, { url, until: now() + rememberMs });
  }

  return async ({ bytes, externalId }, signal) => {
    const before = known.get(externalId);
    if (before && before.until > now()) return { outcome: 'uploaded', url: before.url };
    const sent = await send({
      path: '/api/file-stream-upload',
      form: formOf(bytes, externalId),
      signal: AbortSignal.any([signal, AbortSignal.timeout(uploadTimeoutMs)]),
    });
    if (sent.kind !== 'answered') return { outcome: 'not-sent', reason: `picture upload: ${sent.reason}` };
    const outcome = classifyUpload(sent.answer);
    if (outcome.outcome === 'uploaded') remember(externalId, outcome.url);
    return outcome;
  };
}

/** A form of one file (RFC 7578). The host overwrites a file of the same name, so the name is the task's own. */
function formOf(bytes: Uint8Array, externalId: string): { bytes: Uint8Array; contentType: string } {
  const isPng = bytes[0] === 0x89;
  const fileName = `${externalId.replaceAll(/[^\w-]/g, '-')}.${isPng ? 'png' : 'jpg'}`;
  const boundary = `picture-${crypto.randomUUID()}`;
  const part = (disposition: string) => `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n`;
  const head = [
    `${part('name="uploadPath"')}\r\n${folder}\r\n`,
    `${part('name="fileName"')}\r\n${fileName}\r\n`,
    `${part(`name="file"; filename="${fileName}"`)}content-type: image/${isPng ? 'png' : 'jpeg'}\r\n\r\n`,
  ].join('');
  return {
    bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

const address = z.url({ protocol: /^https?$/ }).max(8192);

/** Live answers name the address `downloadUrl` (recorded 2026-04); one page's sample says `fileUrl`. */
const answerSchema = z.object({
  code: z.int().optional().catch(undefined),
  msg: z.string().catch(''),
  data: z
    .object({ downloadUrl: address })
    .or(z.object({ fileUrl: address }))
    .nullable()
    .catch(null),
});

const blockedCodes = [401, 402, 403, 433, 505];
const refusedCodes = [400, 413, 415, 422];

/** The file host speaks by real HTTP statuses too (upload pages, snapshot 2026-04-29); whichever says no counts. */
function classifyUpload({ httpStatus, body }: HttpAnswer): UploadOutcome {
  const parsed = answerSchema.safeParse(body);
  const { code = httpStatus, msg, data } = parsed.data ?? { msg: shownBody(body), data: null };
  const isSuccess = httpStatus >= 200 && httpStatus < 300 && code >= 200 && code < 300;
  if (isSuccess && data) return { outcome: 'uploaded', url: 'downloadUrl' in data ? data.downloadUrl : data.fileUrl };
  const reason = cleanText(`picture upload: ${code} (HTTP ${httpStatus}): ${msg}`);
  const says = (codes: number[]) => codes.includes(code) || codes.includes(httpStatus);
  if (says(blockedCodes)) return { outcome: 'account-blocked', reason };
  if (says(refusedCodes)) return { outcome: 'refused', because: 'request', reason };
  return { outcome: 'busy', reason };
}
