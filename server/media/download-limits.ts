/** The one thing that ends a download early. */
export interface Stop {
  signal: AbortSignal;
  /** Why it was ended; null while it was not. */
  reason(): string | null;
  end(reason: string): void;
  clear(): void;
}

/** Ends everything at the deadline, on the caller's signal, or on request; the first reason stays. */
export function createStop(timeoutMs: number, outer?: AbortSignal): Stop {
  const controller = new AbortController();
  let why: string | null = null;
  const end = (reason: string) => {
    why ??= reason;
    controller.abort();
  };
  const cancel = () => end('cancelled');
  const timer = setTimeout(() => end('deadline'), timeoutMs);
  outer?.addEventListener('abort', cancel, { once: true });
  if (outer?.aborted) cancel();
  return {
    signal: controller.signal,
    reason: () => why,
    end,
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', cancel);
    },
  };
}

/** Watches how long the remote side keeps us waiting. */
export interface Pace {
  wait<T>(next: Promise<T>): Promise<T>;
  earn(bytes: number): void;
}

/** Waiting spends patience, bytes earn it back up to where it began; when none is left the remote side is too slow. */
export function createPace(rules: { minBytesPerSecond: number; patienceMs: number; onSlow: () => void }): Pace {
  let patienceMs = rules.patienceMs;
  return {
    async wait(next) {
      const startedMs = performance.now();
      const timer = setTimeout(rules.onSlow, patienceMs);
      try {
        return await next;
      } finally {
        clearTimeout(timer);
        patienceMs -= performance.now() - startedMs;
      }
    },
    earn(bytes) {
      patienceMs = Math.min(rules.patienceMs, patienceMs + (bytes / rules.minBytesPerSecond) * 1000);
    },
  };
}
