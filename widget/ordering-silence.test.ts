import { expect } from '@open-wc/testing';
import type { CreatedJob } from '../server/contract.ts';
import type { CoverApi } from './api.ts';
import { ApiError } from './api-error.ts';
import { Ordering } from './ordering.ts';
import { PendingOrderStore } from './pending-order.ts';
import { pastJob, until } from './testing/cover-page.ts';

const silence = () => new ApiError('network');
const limited = () => new ApiError('rate_limited', { status: 429 });
let sellers = 0;

/** An unanswered order of an earlier page, and a server that answers as told: with a fault, or with the job. */
function leftOrder(answers: ApiError[], order = { madeAtMs: Date.now() }) {
  const store = new PendingOrderStore({ server: 'http://x', siteId: 'silence', userId: String((sellers += 1)) });
  store.save({ key: 'k', body: { presetId: 'cover-3x4', uploadId: 'u' }, ...order });
  const keys: string[] = [];
  const outcome = { created: 0, failed: [] as string[] };
  const api = {
    createJob: async ({ key }: { key: string }): Promise<CreatedJob> => {
      keys.push(key);
      const fault = answers.shift();
      if (fault) throw fault;
      return { job: pastJob('http://x', 1), balance: 90 };
    },
  } as unknown as CoverApi;
  const ordering = new Ordering(
    {
      changed: () => undefined,
      created: () => (outcome.created += 1),
      failed: (fault) => outcome.failed.push(fault.code),
    },
    [1, 1],
  );
  ordering.start(api, store);
  return { ordering, store, keys, outcome };
}

describe('an order without an answer', () => {
  it('waits for the seller after the last attempt, and is repeated under the same key', async () => {
    const { ordering, store, keys, outcome } = leftOrder([silence(), silence(), silence()]);
    await until(() => ordering.step === 'unanswered');
    expect(outcome.failed).to.deep.equal(['network']);
    ordering.retry();
    await until(() => outcome.created === 1);
    expect(keys).to.deep.equal(['k', 'k', 'k', 'k']);
    expect(store.load()).to.equal(undefined);
  });

  it('is not taken for refused by a rate limit, which says nothing about the earlier attempt', async () => {
    const { outcome, keys } = leftOrder([limited()]);
    await until(() => outcome.created === 1);
    expect(keys).to.have.length(2);
    expect(outcome.failed).to.deep.equal([]);
  });

  it('is refused by a definite answer and forgotten', async () => {
    const { ordering, store, outcome } = leftOrder([new ApiError('insufficient_tokens', { status: 402 })]);
    await until(() => outcome.failed.length === 1);
    expect(ordering.step).to.equal('idle');
    expect(store.load()).to.equal(undefined);
  });

  it('can be given up', async () => {
    const { ordering, store } = leftOrder([silence(), silence(), silence()]);
    await until(() => ordering.step === 'unanswered');
    ordering.discard();
    expect(ordering.step).to.equal('idle');
    expect(store.load()).to.equal(undefined);
  });

  it('is left alone when it is older than a day', () => {
    const { ordering, keys } = leftOrder([], { madeAtMs: Date.now() - 25 * 3600_000 });
    expect(ordering.step).to.equal('idle');
    expect(keys).to.deep.equal([]);
  });
});
