import type { Runtime } from '../jobs/runtime.ts';
import type { MediaGrant, MediaTokens } from '../media/media-token.ts';
import { createRecent } from '../recent.ts';

const hourMs = 60 * 60 * 1000;
const knownLinks = 20_000;

/**
 * Signs addresses of stored objects. They stay the same for the rest of the hour and open for at least one more: a
 * widget draws itself anew on every event, and a changed address would start its clip again. So each is signed once.
 */
export function createMediaLinks(parts: { mediaTokens: MediaTokens; runtime: Runtime; publicUrl: string }) {
  const links = createRecent<{ url: string; expiresAtMs: number }>(knownLinks);
  return ({ key, contentType, fileName }: MediaGrant): string => {
    const expiresAtMs = (Math.floor(parts.runtime.now() / hourMs) + 2) * hourMs;
    const name = `${key}\n${contentType}\n${fileName}`;
    const known = links.get(name);
    if (known?.expiresAtMs === expiresAtMs) return known.url;
    const grant = { key, contentType, ...(fileName !== undefined && { fileName }), expiresAtMs };
    const url = `${parts.publicUrl}/media/${parts.mediaTokens.sign(grant)}`;
    links.set(name, { url, expiresAtMs });
    return url;
  };
}

export type MediaLinks = ReturnType<typeof createMediaLinks>;
