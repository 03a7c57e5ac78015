/** Everything that is derived from SECRET, each purpose with a key of its own (HKDF, RFC 5869). */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `kling-video-cover/${purpose}`, 32));
}

/** API keys are long and random, so a plain digest is enough to store them by. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

const ivBytes = 12;
const tagBytes = 16;

/** Keeps host sites' shared secrets unreadable in the database and its backups (AES-256-GCM). */
export function createSeal(secret: string) {
  const key = deriveKey(secret, 'seal');
  return {
    seal(text: string): string {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    /** Throws when the text was sealed with another SECRET or was changed. */
    unseal(sealed: string): string {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
    },
  };
}

export type Seal = ReturnType<typeof createSeal>;

/** Callback addresses: one per job, unguessable (128 bits), nothing stored. */
export function createCallbackTokens(secret: string) {
  const key = deriveKey(secret, 'callback');
  const macOf = (jobId: string) => createHmac('sha256', key).update(jobId).digest().subarray(0, 16);
  return {
    sign: (jobId: string): string => `${jobId}.${macOf(jobId).toString('base64url')}`,
    /** The job id, or null for anything we did not sign. */
    verify(token: string): string | null {
      const [jobId, mac, ...rest] = token.split('.');
      if (!jobId || !mac || rest.length > 0) return null;
      const given = Buffer.from(mac, 'base64url');
      return given.length === 16 && timingSafeEqual(given, macOf(jobId)) ? jobId : null;
    },
  };
}

export type CallbackTokens = ReturnType<typeof createCallbackTokens>;
