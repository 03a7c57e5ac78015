import type { Runtime } from '../jobs/runtime.ts';
import type { MediaGrant, MediaTokens } from '../media/media-token.ts';

const hourMs = 60 * 60 * 1000;

/**
 * Signs addresses of stored objects. They stay the same for the rest of the hour and open for at least one more: a
 * widget draws itself anew on every event, and a changed address would start its clip again.
 */
export function createMediaLinks(parts: { mediaTokens: MediaTokens; runtime: Runtime; publicUrl: string }) {
  return (grant: MediaGrant): string => {
    const expiresAtMs = (Math.floor(parts.runtime.now() / hourMs) + 2) * hourMs;
    return `${parts.publicUrl}/media/${parts.mediaTokens.sign({ ...grant, expiresAtMs })}`;
  };
}

export type MediaLinks = ReturnType<typeof createMediaLinks>;
