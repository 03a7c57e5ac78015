/** Answers are used again for this many times as long as they took: asking costs about a fiftieth of the time. */
const restFactor = 50;
const maxRestMs = 10_000;

/**
 * The same question, asked anew only when the last answer is older than `minAgeMs` and than fifty times what it took (ten
 * seconds at most). Who asks while it is being answered gets that answer.
 */
export function unhurried<T>(
  ask: () => Promise<T>,
  { now, minAgeMs = 0 }: { now: () => number; minAgeMs?: number },
): () => Promise<T> {
  let answer: Promise<T> | null = null;
  let answeredAt = 0;
  let restMs = 0;

  async function askAnew(): Promise<T> {
    const startedAt = now();
    const value = await ask();
    answeredAt = now();
    restMs = Math.min(maxRestMs, Math.max(minAgeMs, (answeredAt - startedAt) * restFactor));
    return value;
  }

  return () => {
    if (answer && Math.abs(now() - answeredAt) < restMs) return answer;
    restMs = Infinity;
    answer = askAnew();
    answer.catch(() => (answer = null));
    return answer;
  };
}
