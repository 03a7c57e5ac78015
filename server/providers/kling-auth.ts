import { SignJWT } from 'jose';

/**
 * What Kling gives its customer. With both kinds at hand use the API key: it has no clock and works on both generations
 * of Kling's API, while the key pair works on the legacy one only (Kling authentication page, captured 2026-09-20).
 */
export type KlingCredentials = { accessKey: string; secretKey: string } | { apiKey: string };

/** Makes the Authorization header of every call to Kling. */
export interface KlingAuth {
  /** "Bearer …", ready to send. Rejects when the credentials cannot be used at all (empty, or not one plain word). */
  header(): Promise<string>;
  /**
   * To be called when Kling calls the token too early or too late (1003, 1004), with the `Date` header of that answer.
   * The next token is signed by Kling's own clock. False: these credentials have no time in them, so a second try is vain.
   */
  renew(serverDate: string | null): boolean;
}

// The life and the 5 s of back-dating are those of the sample on Kling's authentication page (captured 2026-09-20).
const tokenLifeSeconds = 1800;
const backDatedSeconds = 5;
const renewAfterMs = 25 * 60_000;

/** Takes the first complete set of credentials, the API key first; null when there is none. Spaces around are dropped. */
export function chooseKlingCredentials(given: {
  apiKey?: string | undefined;
  accessKey?: string | undefined;
  secretKey?: string | undefined;
}): KlingCredentials | null {
  const apiKey = given.apiKey?.trim();
  if (apiKey) return { apiKey };
  const accessKey = given.accessKey?.trim();
  const secretKey = given.secretKey?.trim();
  return accessKey && secretKey ? { accessKey, secretKey } : null;
}

/** `now` gives milliseconds since 1970. A token is signed once per 25 minutes, however many calls ask for it. */
export function createKlingAuth(credentials: KlingCredentials, now: () => number): KlingAuth {
  return 'apiKey' in credentials ? createKeyAuth(credentials.apiKey) : createTokenAuth(credentials, now);
}

function createKeyAuth(apiKey: string): KlingAuth {
  return {
    async header() {
      return `Bearer ${plainWord(apiKey, 'API key')}`;
    },
    renew: () => false,
  };
}

function createTokenAuth(pair: { accessKey: string; secretKey: string }, now: () => number): KlingAuth {
  let key: Promise<CryptoKey> | null = null;
  let signed: { header: Promise<string>; atMs: number } | null = null;
  let klingAheadMs = 0;

  async function sign(): Promise<string> {
    const issuer = plainWord(pair.accessKey, 'access key');
    key ??= importSecret(plainWord(pair.secretKey, 'secret key'));
    const nowSeconds = Math.floor((now() + klingAheadMs) / 1000);
    const token = await new SignJWT({
      iss: issuer,
      exp: nowSeconds + tokenLifeSeconds,
      nbf: nowSeconds - backDatedSeconds,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(await key);
    return `Bearer ${token}`;
  }

  return {
    header() {
      const ageMs = signed ? now() - signed.atMs : Infinity;
      // A negative age means that our clock was set back: the old token may not be valid yet.
      if (!signed || ageMs < 0 || ageMs >= renewAfterMs) signed = { header: sign(), atMs: now() };
      return signed.header;
    },
    renew(serverDate) {
      const serverNowMs = serverDate === null ? NaN : Date.parse(serverDate);
      if (!Number.isNaN(serverNowMs)) klingAheadMs = serverNowMs - now();
      signed = null;
      return true;
    },
  };
}

function importSecret(secretKey: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secretKey);
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

/** A pasted key with a line break or a quote in it would only give an unclear fault of the HTTP client. */
function plainWord(text: string, name: string): string {
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Error(`The Kling ${name} is empty or has characters that no key has.`);
  return text;
}
