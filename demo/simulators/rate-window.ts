/** Lets `limit` events through in any stretch of `windowMs`; the returned function says whether one more may pass. */
export function createRateWindow(parts: { clock: () => number; limit: number; windowMs: number }): () => boolean {
  const passedAtMs: number[] = [];
  return function mayPass() {
    const nowMs = parts.clock();
    while (passedAtMs[0] !== undefined && passedAtMs[0] <= nowMs - parts.windowMs) passedAtMs.shift();
    if (passedAtMs.length >= parts.limit) return false;
    passedAtMs.push(nowMs);
    return true;
  };
}
