/** What the clients know for certain: the only memory that no kill can touch. */

export interface Order {
  key: string;
  userId: string;
  prompt: string;
  price: number;
  body: object;
  /** `unknown` until an answer came; a refused order was answered with a definite no. */
  answer: 'unknown' | 'taken' | 'refused';
  jobId?: string;
  /** Answered with success; what was cancelled or deleted without an answer may or may not be. */
  cancelled: boolean;
  deleted: boolean;
  seen: Sighting;
}

export interface Grant {
  reference: string;
  userId: string;
  amount: number;
  entryId?: string;
}

/** The furthest a client has seen a job. */
export interface Sighting {
  status: string;
  stage: string;
  progress: number;
}

/** A job as an answer shows it. */
export interface SeenJob extends Sighting {
  id: string;
  video?: { bytes: number; url: string };
}

const stages = ['queued', 'submitting', 'confirming', 'generating', 'saving', 'done'];
const openStatuses = ['pending', 'processing'];

/** Keeps orders and grants, and notes every answer that contradicts an earlier one. */
export function createBook() {
  const orders = new Map<string, Order>();
  const byJob = new Map<string, Order>();
  const grants = new Map<string, Grant>();
  const uploads = new Set<string>();
  const violations: string[] = [];

  return {
    orders,
    byJob,
    grants,
    /** Ids of acknowledged uploads. */
    uploads,
    violations,
    accuse: (text: string) => void violations.push(text),

    /** A 201 for this order. */
    taken(order: Order, job: SeenJob): void {
      if (order.jobId !== undefined && order.jobId !== job.id)
        violations.push(`the key ${order.key} was answered with ${order.jobId} and then with ${job.id}`);
      const other = byJob.get(job.id);
      if (other && other !== order) violations.push(`job ${job.id} answers two keys, ${other.key} and ${order.key}`);
      if (order.answer === 'refused') violations.push(`the key ${order.key} was refused and then taken`);
      order.answer = 'taken';
      order.jobId = job.id;
      byJob.set(job.id, order);
    },

    /** An answer showed this job. Call it in the order of the answers of one client that asks one thing at a time. */
    saw(order: Order, job: SeenJob): void {
      const { seen } = order;
      const fault = stepBack(seen, job);
      if (fault) violations.push(`job ${job.id} went back: ${fault}`);
      order.seen = { status: job.status, stage: job.stage, progress: job.progress };
    },
  };
}

export type Book = ReturnType<typeof createBook>;

function stepBack(seen: Sighting, now: Sighting): string | null {
  const wasOpen = openStatuses.includes(seen.status);
  if (!wasOpen && now.status !== seen.status) return `${seen.status} became ${now.status}`;
  if (seen.status === 'processing' && now.status === 'pending') return 'processing became pending';
  if (stages.indexOf(now.stage) < stages.indexOf(seen.stage)) return `${seen.stage} became ${now.stage}`;
  if (now.progress < seen.progress) return `${seen.progress} % became ${now.progress} %`;
  return null;
}
