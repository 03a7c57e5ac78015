import { timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { KlingRefusal } from './kling-answers.ts';

/** The account's credentials and the time by which tokens are judged. */
export type KlingKeys = { accessKey: string; secretKey: string; apiKey: string };

/** Live text of 2026-09-20 for a JWT on the new standard. It names neither the cause nor the place. */
const NOT_FOR_AK_SK =
  'Authentication error. The current API does not support AK/SK; please go to the console (https://kling.ai/dev/api-key) to create API key.';

/**
 * Lets a request through or throws KlingRefusal (1001–1004). A JWT must be HS256, signed with the secret key,
 * with `iss` = access key and `exp`; it works on legacy paths only. The API key works everywhere.
 */
export async function authorise(
  header: string | undefined,
  check: { keys: KlingKeys; jwtAllowed: boolean; nowMs: number; leewayMs: number },
): Promise<void> {
  if (!header) throw new KlingRefusal(1001);
  const token = /^Bearer ([^\s]+)$/.exec(header)?.[1];
  if (!token) throw new KlingRefusal(1002);
  if (isSame(token, check.keys.apiKey)) return;
  if (token.split('.').length !== 3) throw new KlingRefusal(1002, 'api key not found');
  if (!check.jwtAllowed) throw new KlingRefusal(1002, NOT_FOR_AK_SK);
  await checkJwt(token, check);
}

async function checkJwt(
  token: string,
  { keys, nowMs, leewayMs }: { keys: KlingKeys; nowMs: number; leewayMs: number },
): Promise<void> {
  try {
    await jwtVerify(token, new TextEncoder().encode(keys.secretKey), {
      algorithms: ['HS256'],
      issuer: keys.accessKey,
      requiredClaims: ['exp'],
      currentDate: new Date(nowMs),
      clockTolerance: leewayMs / 1000,
    });
  } catch (problem) {
    if (problem instanceof errors.JWTExpired) throw new KlingRefusal(1004);
    if (problem instanceof errors.JWTClaimValidationFailed && problem.claim === 'nbf') throw new KlingRefusal(1003);
    throw new KlingRefusal(1002);
  }
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
