import { setTimeout as pause } from 'node:timers/promises';

/** One delivery: JSON text, sent as it is; `headers` is asked anew for every attempt, because signatures carry the time. */
export type Callback = { address: string; body: string; headers: () => Record<string, string> };

/** Sends callbacks in the background. */
export type CallbackSender = ReturnType<typeof createCallbackSender>;

/** Anything but 2xx within `attemptTimeoutMs` is tried again after each of `retryDelaysMs`, then dropped. */
export function createCallbackSender(parts: { retryDelaysMs: readonly number[]; attemptTimeoutMs: number }) {
  const closing = new AbortController();

  async function attempt(callback: Callback): Promise<boolean> {
    try {
      const response = await fetch(callback.address, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', ...callback.headers() },
        body: callback.body,
        redirect: 'manual',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(parts.attemptTimeoutMs)]),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  async function deliver(callback: Callback): Promise<void> {
    for (const delayMs of [0, ...parts.retryDelaysMs]) {
      if (delayMs > 0) await pause(delayMs, undefined, { signal: closing.signal, ref: false });
      if (await attempt(callback)) return;
    }
  }

  return {
    /** Returns at once; a failed delivery changes nothing. */
    send(callback: Callback): void {
      deliver(callback).catch(() => undefined);
    },
    close(): void {
      closing.abort();
    },
  };
}
