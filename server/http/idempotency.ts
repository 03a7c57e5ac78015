import { z } from '@hono/zod-openapi';

/** The header that makes an order repeatable. */
export const idempotencyHeaders = z.object({
  'Idempotency-Key': z
    .string('must be given')
    .regex(/^[\x20-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters')
    .openapi({ description: 'The same key and body are the same order, however often they are sent' }),
});
