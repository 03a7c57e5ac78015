import { setTimeout as pause } from 'node:timers/promises';
import type { Book, Order, SeenJob } from './book.ts';
import type { Chance } from './chance.ts';
import type { Answer, Client } from './client.ts';
import { somePrompt } from './prompts.ts';

const price = 10;
const maxOpen = 4;
const retryPauseMs = 40;
const grantAmount = 60;

interface SellerParts {
  userId: string;
  client: Client;
  book: Book;
  chance: Chance;
  picture: Buffer;
  /** The address part of a job's callback. */
  callbackToken: (jobId: string) => string;
  /** Gets grants only now and then, so that orders are refused for want of tokens. */
  isPoor: boolean;
}

/**
 * One seller with a host site behind: orders, looks, cancels, deletes, calls back; one thing at a time, but for orders
 * sent twice at once. What was not answered is asked again under the same key until it is.
 */
export function createSeller({ userId, client, book, chance, picture, callbackToken, isPoor }: SellerParts) {
  const own: Order[] = [];
  let uploadId: string | undefined;
  let balance = 0;
  let orders = 0;
  let references = 0;
  /** `work` orders, `finish` only brings to an answer what is open, `stop` ends at once. */
  let mood: 'work' | 'finish' | 'stop' = 'work';
  const isEmployed = () => mood !== 'stop';

  /** Asks until there is a definite answer; null only when the seller was told to stop. */
  async function insist(ask: () => Promise<Answer | null>): Promise<Answer | null> {
    while (isEmployed()) {
      const answer = await ask();
      if (answer && answer.status !== 429) return answer;
      await pause(retryPauseMs + chance.between(0, 40));
    }
    return null;
  }

  async function upload(): Promise<void> {
    const answer = await insist(() => client.asSeller('POST', '/v1/uploads', { picture }));
    if (!answer) return;
    if (answer.status !== 201) return book.accuse(`an upload was answered with ${answer.status} ${answer.code}`);
    uploadId = answer.body!.upload!.id;
    book.uploads.add(uploadId);
  }

  async function earn(): Promise<void> {
    const grant = { reference: `${userId}-payment-${++references}`, userId, amount: isPoor ? 15 : grantAmount };
    book.grants.set(grant.reference, grant);
    const json = { amount: grant.amount, reference: grant.reference };
    const times = chance.happens(0.25) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const answer = await insist(() => client.asHost(`/v1/host/accounts/${userId}/grants`, json));
      if (!answer) return;
      const id = answer.body?.entry?.id;
      if (!id) return book.accuse(`a grant was answered with ${answer.status} ${answer.code}`);
      const { entryId = id } = book.grants.get(grant.reference)!;
      if (entryId !== id) book.accuse(`the reference ${grant.reference} was granted as ${entryId} and as ${id}`);
      book.grants.set(grant.reference, { ...grant, entryId });
      balance = answer.body!.balance!;
    }
  }

  async function order(): Promise<void> {
    if (!uploadId) return upload();
    const prompt = somePrompt(chance);
    const body = { presetId: 'video-cover', uploadId, prompt, title: `Order ${++orders}` };
    const made: Order = {
      key: `${userId}-order-${orders}`,
      userId,
      prompt,
      price,
      body,
      answer: 'unknown',
      cancelled: false,
      deleted: false,
      seen: { status: 'pending', stage: 'queued', progress: 0 },
    };
    book.orders.set(made.key, made);
    own.push(made);
    const post = () => client.asSeller('POST', '/v1/jobs', { json: body, key: made.key });
    const isDouble = chance.happens(0.2);
    const twin = isDouble ? post() : null;
    const answer = await insist(post);
    // Of two at once the refused one may have come before a refund and the other after it.
    const answers = [await twin, answer].filter((each) => each !== null);
    for (const each of answers.toSorted((a, b) => a.status - b.status)) file(made, each);
    if (made.answer === 'taken' && chance.happens(0.1)) {
      const again = await insist(post);
      if (again) file(made, again);
    }
    if (made.answer === 'taken' && chance.happens(0.05)) await sendAnother(made);
    if (made.answer === 'taken' && chance.happens(0.25)) await cancel(made);
  }

  function file(made: Order, { status, code, body }: Answer): void {
    if (body?.balance !== undefined) balance = body.balance;
    if (status === 201) return book.taken(made, body!.job!);
    if (status === 429) return;
    if (code !== 'insufficient_tokens') return book.accuse(`order ${made.key} was answered with ${status} ${code}`);
    if (made.answer === 'unknown') made.answer = 'refused';
  }

  /** Another order under a used key must be refused. */
  async function sendAnother(made: Order): Promise<void> {
    const json = { ...made.body, title: 'Another order' };
    const answer = await insist(() => client.asSeller('POST', '/v1/jobs', { json, key: made.key }));
    if (answer && answer.code !== 'idempotency_mismatch')
      book.accuse(`another body under the key ${made.key} was answered with ${answer.status} ${answer.code}`);
  }

  async function cancel(made: Order): Promise<void> {
    const answer = await insist(() => client.asSeller('POST', `/v1/jobs/${made.jobId}/cancel`));
    if (!answer) return;
    if (answer.status === 200) {
      made.cancelled = true;
      if (answer.body!.job!.status !== 'cancelled')
        book.accuse(`a cancelled job is shown as ${answer.body!.job!.status}`);
      book.saw(made, answer.body!.job!);
    } else if (answer.code !== 'not_cancellable') {
      book.accuse(`the cancel of ${made.jobId} was answered with ${answer.status} ${answer.code}`);
    }
  }

  async function look(made: Order): Promise<void> {
    const answer = await client.asSeller('GET', `/v1/jobs/${made.jobId}`);
    if (!answer) return;
    if (answer.status !== 200)
      return book.accuse(`the acknowledged job ${made.jobId} was answered with ${answer.status}`);
    book.saw(made, answer.body!.job!);
    if (answer.body!.job!.status === 'completed' && chance.happens(0.1)) await watch(answer.body!.job!);
  }

  async function watch(job: SeenJob): Promise<void> {
    const file = await client.download(job.video!.url);
    if (file && (file.status !== 200 || file.bytes !== job.video!.bytes))
      book.accuse(`the clip of ${job.id} has ${job.video!.bytes} bytes, its link gave ${file.status}, ${file.bytes}`);
  }

  async function lookAtList(): Promise<void> {
    const answer = await client.asSeller('GET', '/v1/jobs?limit=20');
    for (const job of answer?.body?.items ?? []) {
      const made = book.byJob.get(job.id);
      if (made) book.saw(made, job);
      if (made?.userId !== undefined && made.userId !== userId)
        book.accuse(`${userId} sees the job ${job.id} of another`);
    }
  }

  async function remove(made: Order): Promise<void> {
    let asked = 0;
    const answer = await insist(() => (asked++, client.asSeller('DELETE', `/v1/jobs/${made.jobId}`)));
    if (!answer) return;
    // An earlier, unanswered request may have done it.
    if (answer.status === 204 || (answer.status === 404 && asked > 1)) made.deleted = true;
    else book.accuse(`the delete of the ended job ${made.jobId} was answered with ${answer.status} ${answer.code}`);
  }

  const isOpen = ({ seen }: Order) => seen.status === 'pending' || seen.status === 'processing';
  const shown = () => own.filter((made) => made.answer === 'taken' && !made.deleted);

  async function act(): Promise<void> {
    const open = shown().filter(isOpen);
    const ended = shown().filter((made) => !isOpen(made));
    if (mood === 'finish') return open.length > 0 ? look(chance.pick(open)) : void (await pause(50));
    if (balance < 30 && chance.happens(isPoor ? 0.1 : 1)) return earn();
    const dice = chance.next();
    if (open.length < maxOpen && dice < 0.45) return order();
    if (dice < 0.5) return upload();
    if (dice < 0.6 && ended.length > 5) return remove(ended[0]!);
    if (dice < 0.7) return lookAtList();
    if (dice < 0.85 && open.length > 0) {
      await client.callBack(callbackToken(chance.pick(open).jobId!));
      return;
    }
    if (dice < 0.88 && open.length > 0) return cancel(chance.pick(open));
    if (dice < 0.92 && ended.length > 0) return look(chance.pick(ended));
    if (open.length > 0) return look(chance.pick(open));
  }

  const life = (async () => {
    while (isEmployed()) {
      await act();
      await pause(chance.between(5, 60));
    }
  })();

  return {
    /** No new orders from now on. */
    finish: () => void (mood = 'finish'),
    /** Open jobs and orders without an answer. */
    openOrders: () => own.filter((made) => made.answer === 'unknown' || (made.answer === 'taken' && isOpen(made))),
    async stop(): Promise<void> {
      mood = 'stop';
      await life;
    },
  };
}

export type Seller = ReturnType<typeof createSeller>;
