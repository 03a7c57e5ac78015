/** A seller's browser beside the nodes: orders with idempotency keys, and an event stream that reconnects and resumes. */
import { setTimeout as pause } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { jobStages } from '../jobs/job.ts';

const patienceMs = 8_000;
const retryMs = 100;

/** What the sellers of one run saw. */
export interface Diary {
  /** What must never be seen; sentences. */
  violations: string[];
  /** Requests that got no answer, or were told that there is none now, and were sent again. */
  healed: number;
  /** Streams that were opened again. */
  reconnections: number;
}

export const emptyDiary = (): Diary => ({ violations: [], healed: 0, reconnections: 0 });

interface SellerParts {
  userId: string;
  url: string;
  token: string;
  picture: Uint8Array<ArrayBuffer>;
  diary: Diary;
}

interface SeenJob {
  id: string;
  stage: (typeof jobStages)[number];
  status: string;
}

/** A browser with one stream. */
export function createSeller({ userId, url, token, picture, diary }: SellerParts) {
  let leaving = new AbortController();
  /** How far each job has come, by what the stream said. */
  const heard = new Map<string, SeenJob>();
  const ordered: string[] = [];
  let uploadId = '';
  let isGone = false;
  let lastEventId = '';
  let balance: number | undefined;

  /**
   * Sends it until it is answered; only silence and 503 are forgiven. After these the connection is given up: the
   * balancer would leave it at the same node.
   */
  async function insist<Body>(path: string, init: RequestInit): Promise<Body> {
    for (let attempt = 0; !isGone; attempt++) {
      try {
        const headers = {
          authorization: `Bearer ${token}`,
          ...(attempt > 0 && { connection: 'close' }),
          ...init.headers,
        };
        const answer = await fetch(url + path, { ...init, headers, signal: AbortSignal.timeout(patienceMs) });
        const text = await answer.text();
        if (answer.ok) return JSON.parse(text) as Body;
        if (answer.status !== 503) {
          diary.violations.push(`${userId}: ${init.method} ${path} was answered with ${answer.status}: ${text}`);
          throw new Error(text);
        }
      } catch (fault) {
        if (!(fault instanceof TypeError || fault instanceof DOMException)) throw fault;
      }
      diary.healed += 1;
      await pause(retryMs);
    }
    throw new Error(`${userId} is gone`);
  }

  function take(event: string | undefined, text: string): void {
    const said = JSON.parse(text) as { job?: SeenJob; balance?: number };
    if (said.balance !== undefined) balance = said.balance;
    const { job } = said;
    if (event !== 'job' || !job) return;
    const before = heard.get(job.id);
    const rank = ({ stage }: SeenJob) => jobStages.indexOf(stage);
    if (before && rank(job) < rank(before))
      diary.violations.push(`${userId}: job ${job.id} went from ${before.stage} back to ${job.stage}`);
    heard.set(job.id, job);
  }

  async function readStream(at: string, signal: AbortSignal): Promise<void> {
    const headers = { authorization: `Bearer ${token}`, ...(lastEventId && { 'last-event-id': lastEventId }) };
    const answer = await fetch(`${at}/v1/events`, { headers, signal });
    if (!answer.ok) return void (await answer.body?.cancel());
    const parser = createParser({
      onEvent({ id, event, data }) {
        if (id) lastEventId = id;
        take(event, data);
      },
    });
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) parser.feed(chunk);
  }

  return {
    userId,
    ordered: () => ordered.length,

    async upload(): Promise<void> {
      const init = { method: 'POST', body: picture, headers: { 'content-type': 'image/jpeg' } };
      uploadId = (await insist<{ upload: { id: string } }>('/v1/uploads', init)).upload.id;
    },

    async order(): Promise<void> {
      const key = `${userId}-${ordered.length}`;
      const body = JSON.stringify({ presetId: 'video-cover', uploadId });
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      const { job } = await insist<{ job: SeenJob }>('/v1/jobs', { method: 'POST', body, headers });
      ordered.push(job.id);
    },

    /** Whether it is, by what a node answers to a question. */
    async isCompleted(id: string): Promise<boolean> {
      return (await insist<{ job: SeenJob }>(`/v1/jobs/${id}`, { method: 'GET' })).job.status === 'completed';
    },

    /** Until `leave`; then, at the same or another address, again, from the last event on. */
    async listen(at = url): Promise<void> {
      const { signal } = (leaving = new AbortController());
      while (!signal.aborted) {
        await readStream(at, signal).catch(() => {});
        diary.reconnections += 1;
        await pause(retryMs);
      }
    },

    /** Ordered jobs whose end the stream has not told yet. */
    waitsFor: (): string[] => ordered.filter((id) => heard.get(id)?.status !== 'completed'),
    heardBalance: () => balance,
    leave: () => leaving.abort(),

    /** For good: whatever still insists rejects. */
    retire(): void {
      isGone = true;
      leaving.abort();
    },
  };
}

export type Seller = ReturnType<typeof createSeller>;
