import { createRoute, z } from '@hono/zod-openapi';
import { uploadSchema } from '../contract.ts';
import { AppError } from '../errors.ts';
import type { PictureFacts } from '../media/picture.ts';
import { checkAnnouncedLength, lentChunks } from './body.ts';
import type { HttpParts, HttpRoutes, UploadRules } from './env.ts';
import type { Presenter } from './present.ts';
import { problemAnswer } from './problem.ts';
import { sellerSecurity } from './security.ts';

/** The content types that are taken, each with the format that the bytes must have. */
export const pictureTypes: Record<string, { format: PictureFacts['format']; extension: string }> = {
  'image/jpeg': { format: 'jpeg', extension: 'jpg' },
  'image/png': { format: 'png', extension: 'png' },
  'image/webp': { format: 'webp', extension: 'webp' },
};

const binary = { schema: { type: 'string', format: 'binary' } } as const;

const uploadRoute = createRoute({
  method: 'post',
  path: '/v1/uploads',
  summary: 'Uploads one product picture; the body is its bytes, kept as they are',
  security: sellerSecurity,
  request: { body: { required: true, content: { 'image/jpeg': binary, 'image/png': binary, 'image/webp': binary } } },
  responses: {
    201: {
      description: 'The stored picture',
      content: { 'application/json': { schema: z.object({ upload: uploadSchema }) } },
    },
    ...problemAnswer,
  },
});

interface UploadParts extends Pick<HttpParts, 'store' | 'blobs' | 'pictures' | 'runtime' | 'settings'> {
  present: Presenter;
}

/** `POST /v1/uploads`. A refused or broken upload leaves neither file nor row. */
export function addUploadRoute(app: HttpRoutes, parts: UploadParts): void {
  const { store, blobs, pictures, runtime, present } = parts;
  const rules = parts.settings.upload;

  app.openapi(uploadRoute, async (c) => {
    const contentType = c.req.header('content-type') ?? '';
    const type = Object.hasOwn(pictureTypes, contentType) ? pictureTypes[contentType] : undefined;
    if (!type) throw new AppError('unsupported_media_type', { accepted: Object.keys(pictureTypes) });
    checkAnnouncedLength(c, { maxBytes: rules.maxBytes, code: 'upload_too_large' });

    const { accountId } = c.var.seller;
    const id = runtime.newId();
    const key = `${accountId}/uploads/${id}.${type.extension}`;
    const check = async (path: string) => {
      const { format, width, height } = await pictures.inspect(path);
      if (format !== type.format) throw new AppError('image_unreadable', { contentType, found: `image/${format}` });
      checkShape({ width, height }, rules);
      return { width, height };
    };
    const { facts, checked } = await blobs.putChecked(key, lentChunks(c), { maxBytes: rules.maxBytes, check });
    try {
      const row = { id, accountId, key, ...checked, ...facts, contentType, createdAt: runtime.now() };
      return c.json({ upload: present.upload(await store.uploads.insert(row)) }, 201);
    } catch (fault) {
      await blobs.remove(key);
      throw fault;
    }
  });
}

function checkShape({ width, height }: { width: number; height: number }, { minSide, maxRatio }: UploadRules): void {
  if (Math.min(width, height) < minSide) throw new AppError('image_too_small', { minSide, width, height });
  if (Math.max(width, height) > Math.min(width, height) * maxRatio)
    throw new AppError('image_ratio', { maxRatio, width, height });
}
