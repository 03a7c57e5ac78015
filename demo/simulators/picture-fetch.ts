const FETCH_TIMEOUT_MS = 10_000;

/** The bytes behind an http(s) address, as a vendor's server fetches them; null when nothing usable answers. */
export async function fetchPicture(url: string): Promise<Buffer | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    return response.ok ? Buffer.from(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
