import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hostAccountSchema, jobSchema, type HostAccount, type Job, type LedgerEntry } from '../contract.ts';
import { hashApiKey } from '../secrets.ts';
import { firstSite, problemOf, siteKey, startTestServer, type TestServer } from './testing.ts';

const otherKey = 'the-api-key-of-the-other-site-9876543210';
const otherSecret = 'the shared secret of the other site, 32 bytes';
let server: TestServer;
before(async () => {
  server = await startTestServer();
  const { store, secrets } = server.parts;
  const sealedJwtSecret = secrets.seal.seal(otherSecret);
  const other = { id: 'other', issuer: 'https://other.example', apiKeyHash: hashApiKey(otherKey), sealedJwtSecret };
  await store.sites.put({ ...firstSite, ...other }, 1);
});
after(() => server.close());

const grant = (userId: string, json: object, token = siteKey) =>
  server.call(`/v1/host/accounts/${encodeURIComponent(userId)}/grants`, { token, json });
const account = (userId: string, token = siteKey) =>
  server.call(`/v1/host/accounts/${encodeURIComponent(userId)}`, { token });
type Granted = { entry: LedgerEntry; balance: number };

describe('a grant', () => {
  it('makes the account of a new seller, whatever their id looks like', async () => {
    for (const userId of ['seller/7', 'a b', 'Ольга', '../x', "'; drop table accounts;--", '100%']) {
      const answer = await grant(userId, { amount: 7, reference: 'r1', note: 'welcome' });
      assert.equal(answer.status, 201, userId);
      const { entry, balance } = (await answer.json()) as Granted;
      assert.deepEqual([entry.kind, entry.amount, entry.balanceAfter, balance], ['grant', 7, 7, 7]);
      const found = (await (await account(userId)).json()) as HostAccount;
      hostAccountSchema.strict().parse(found);
      assert.deepEqual([found.userId, found.balance], [userId, 7]);
    }
  });

  it('with a repeated reference is the same grant, also when sent eight times at once', async () => {
    const json = { amount: 10, reference: 'payment-1' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => grant('repeat', json)));
    assert.deepEqual(answers.map((answer) => answer.status).toSorted(), [200, 200, 200, 200, 200, 200, 200, 201]);
    const entries = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Granted).entry.id));
    assert.equal(new Set(entries).size, 1);
    assert.equal(((await (await account('repeat')).json()) as HostAccount).balance, 10);
  });

  it('of nothing, of less, of fractions or without a reference is refused', async () => {
    for (const json of [
      { amount: 0, reference: 'r' },
      { amount: -5, reference: 'r' },
      { amount: 1.5, reference: 'r' },
      { amount: '5', reference: 'r' },
      { amount: 2e9, reference: 'r' },
      { amount: 5 },
      { amount: 5, reference: ' ' },
      { amount: 5, reference: 'r', balance: 100 },
    ])
      await problemOf(await grant('bad', json), { status: 422, code: 'invalid_request' });
    await problemOf(await account('bad'), { status: 404, code: 'not_found' });
  });

  it('takes no token of a seller', async () => {
    await problemOf(await grant('seller-1', { amount: 5, reference: 'r' }, await server.mint()), {
      status: 401,
      code: 'unauthorized',
    });
  });
});

describe('a site', () => {
  it('sees its own sellers and their jobs only', async () => {
    await grant('shared-id', { amount: 30, reference: 'x' });
    await grant('shared-id', { amount: 20, reference: 'x' }, otherKey);
    const ours = await server.mint({ sub: 'shared-id' });
    const theirs = await server.mint({ sub: 'shared-id', iss: 'https://other.example', secret: otherSecret });
    const made = [await server.ordered(ours), await server.ordered(ours)].map(({ job }) => job.id);
    const foreign = (await server.ordered(theirs)).job.id;

    assert.equal(((await (await account('shared-id')).json()) as HostAccount).balance, 10);
    assert.equal(((await (await account('shared-id', otherKey)).json()) as HostAccount).balance, 10);
    await problemOf(await account('repeat', otherKey), { status: 404, code: 'not_found' });

    const page = async (query: string, token = siteKey) =>
      (await (await server.call(`/v1/host/jobs${query}`, { token })).json()) as JobPage;
    const all = await page('');
    assert.deepEqual(
      all.items.map(({ id, userId }) => [id, userId]),
      made.toReversed().map((id) => [id, 'shared-id']),
    );
    jobSchema.parse(all.items[0]);
    const first = await page('?userId=shared-id&limit=1');
    const second = await page(`?userId=shared-id&limit=1&cursor=${first.nextCursor}`);
    assert.deepEqual([first.items[0]!.id, second.items[0]!.id, second.nextCursor], [made[1], made[0], null]);
    assert.deepEqual((await page('?userId=nobody')).items, []);
    assert.deepEqual(
      (await page('', otherKey)).items.map(({ id }) => id),
      [foreign],
    );
  });
});

interface JobPage {
  items: (Job & { userId: string })[];
  nextCursor: string | null;
}
