import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';

const maxBytes = 256 * 1024;
/** After a fault the address is left alone for this long, however many tokens ask. */
const restAfterFaultMs = 5_000;

/**
 * A site's public keys at the address that the operator gave: fetched when first needed, kept for ten minutes, fetched
 * again for an unknown key at most every 30 seconds. Redirects, answers over 256 kB and those slower than `timeoutMs`
 * are faults (jose's `JOSEError`); for five seconds after a fault nothing is fetched.
 */
export function createPublicKeys(address: string, { timeoutMs = 5_000 }: { timeoutMs?: number } = {}): JWTVerifyGetKey {
  let restsUntilMs = -Infinity;

  async function fetchCapped(url: string, init: RequestInit): Promise<Response> {
    if (performance.now() < restsUntilMs) throw new errors.JOSEError('the key address failed a moment ago');
    try {
      const answer = await fetch(url, init);
      if (answer.status !== 200) throw new errors.JOSEError(`the key address answered ${answer.status}`);
      return new Response(await readCapped(answer));
    } catch (fault) {
      restsUntilMs = performance.now() + restAfterFaultMs;
      throw fault;
    }
  }

  return createRemoteJWKSet(new URL(address), { timeoutDuration: timeoutMs, [customFetch]: fetchCapped });
}

/** Counted after decompression, so that a small answer cannot unfold into a large one. */
async function readCapped(answer: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new errors.JOSEError('the key address answered too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
