import { randomBytes } from 'node:crypto';
import { fileHostRefusal, fileHostWords } from './kie-answers.ts';
import { refuseDownload } from './file-sender.ts';
import { fetchPicture } from './picture-fetch.ts';
import type { Answer, Exchange, Fields, Route } from './simulator-http.ts';

type Upload = { bytes: Buffer; mimeType: string; uploadedAtMs: number };

/** The account's number in live paths is replaced by this. */
const ROOT = 'kieai/100001';
const LIFETIME_MS = 3 * 86_400_000;
const MAX_FILES = 500;
const MAX_FETCHED_BYTES = 100 * 1024 * 1024;
const EXTENSIONS: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' };

/**
 * The file host: three ways to upload, and the files themselves. Kept in memory for three days, 500 at most. `reaches`
 * says which addresses an upload by address gets to.
 */
export function fileHostRoutes(parts: {
  baseUrl: () => string;
  clock: () => number;
  reaches: (url: URL) => boolean;
}): Route[] {
  const files = new Map<string, Upload>();

  function keep(upload: { bytes: Buffer; mimeType: string; folder: unknown; fileName: unknown }): Answer {
    const { bytes, mimeType } = upload;
    if (typeof upload.folder !== 'string' || upload.folder === '') {
      throw fileHostRefusal(400, 'Missing required parameter: uploadPath');
    }
    const uploadedAtMs = parts.clock();
    const given = typeof upload.fileName === 'string' && upload.fileName !== '' ? upload.fileName : null;
    const fileName = given ?? `${uploadedAtMs}-${randomBytes(6).toString('hex')}.${EXTENSIONS[mimeType] ?? 'bin'}`;
    const filePath = [
      ROOT,
      ...`${upload.folder}/${fileName}`.split('/').filter((part) => !/^\.{0,2}$/.test(part)),
    ].join('/');
    files.delete(filePath);
    files.set(filePath, { bytes, mimeType, uploadedAtMs });
    dropOld(files, uploadedAtMs);
    const downloadUrl = `${parts.baseUrl()}/${filePath.split('/').map(encodeURIComponent).join('/')}`;
    const uploadedAt = new Date(uploadedAtMs).toISOString();
    return {
      kind: 'success',
      data: { success: true, fileName, filePath, downloadUrl, fileSize: bytes.length, mimeType, uploadedAt },
    };
  }

  const upload = (name: string, handle: Route['handle']): Route => ({
    method: 'POST',
    pattern: new RegExp(`^/api/file-${name}-upload$`),
    access: 'api key',
    words: fileHostWords,
    handle,
  });

  return [
    upload('stream', async (exchange) => {
      const form = await readForm(exchange);
      const file = form.get('file');
      if (!(file instanceof File)) throw fileHostRefusal(400, 'Missing required parameter: file');
      const bytes = Buffer.from(await file.arrayBuffer());
      const mimeType = file.type || 'application/octet-stream';
      return keep({ bytes, mimeType, folder: form.get('uploadPath'), fileName: form.get('fileName') });
    }),
    upload('base64', async (exchange) => {
      const fields = await exchange.readFields();
      const file = decodeBase64(fields['base64Data']);
      return keep({ ...file, folder: fields['uploadPath'], fileName: fields['fileName'] });
    }),
    upload('url', async (exchange) => {
      const fields = await exchange.readFields();
      const bytes = await fetchFile(fields, parts.reaches);
      return keep({ bytes, mimeType: sniff(bytes), folder: fields['uploadPath'], fileName: fields['fileName'] });
    }),
    {
      method: 'GET',
      pattern: new RegExp(`^/(${ROOT}/.+)$`),
      access: 'open',
      handle({ captured, response }) {
        const file = files.get(captured[0] ?? '');
        if (!file || file.uploadedAtMs + LIFETIME_MS <= parts.clock()) {
          return { kind: 'sent', httpStatus: refuseDownload(response, 404) };
        }
        response.writeHead(200, { 'content-type': file.mimeType, 'content-length': file.bytes.length }).end(file.bytes);
        return { kind: 'sent', httpStatus: 200 };
      },
    },
  ];
}

function dropOld(files: Map<string, Upload>, nowMs: number): void {
  for (const [path, file] of files) {
    if (files.size <= MAX_FILES && file.uploadedAtMs + LIFETIME_MS > nowMs) return;
    files.delete(path);
  }
}

async function readForm({ request, readBody }: Exchange): Promise<FormData> {
  const body = await readBody();
  const type = request.headers['content-type'] ?? '';
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch {
    throw fileHostRefusal(400, 'Missing required parameter: file');
  }
}

/** Plain base64 or a data URL. */
function decodeBase64(text: unknown): { bytes: Buffer; mimeType: string } {
  if (typeof text !== 'string' || text === '') throw fileHostRefusal(400, 'Missing required parameter: base64Data');
  const dataUrl = /^data:([^;,]+);base64,/.exec(text);
  const base64 = dataUrl ? text.slice(dataUrl[0].length) : text;
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(base64)) {
    throw fileHostRefusal(400, 'Base64 decoding failed: Invalid Base64 format');
  }
  const bytes = Buffer.from(base64, 'base64');
  return { bytes, mimeType: dataUrl?.[1] ?? sniff(bytes) };
}

async function fetchFile(fields: Fields, reaches: (url: URL) => boolean): Promise<Buffer> {
  const address = fields['fileUrl'];
  if (typeof address !== 'string' || !URL.canParse(address)) {
    throw fileHostRefusal(400, 'Missing required parameter: fileUrl');
  }
  const bytes = reaches(new URL(address)) ? await fetchPicture(address) : null;
  if (!bytes || bytes.length > MAX_FETCHED_BYTES) throw fileHostRefusal(400, 'Failed to download the file');
  return bytes;
}

function sniff(bytes: Buffer): string {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (bytes.subarray(1, 4).toString('latin1') === 'PNG') return 'image/png';
  if (bytes.subarray(8, 12).toString('latin1') === 'WEBP') return 'image/webp';
  return 'application/octet-stream';
}
