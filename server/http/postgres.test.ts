import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import type { CreatedJob, Job } from '../contract.ts';
import { openPostgres } from '../store/postgres.ts';
import { problemOf, siteKey, startTestServer, type TestServer } from './testing.ts';

let postgres: TestPostgres;
let server: TestServer;
before(async () => {
  postgres = await startPostgres();
  const database = await openPostgres({ url: await postgres.createDatabase(), maxConnections: 12, onFault: () => {} });
  server = await startTestServer({ database });
});
after(async () => {
  await server.close();
  await postgres.stop();
});

describe('on PostgreSQL', () => {
  it('eight orders at once with one key are one job and one debit', async () => {
    await server.grant(100, { userId: 'eight' });
    const token = await server.mint({ sub: 'eight' });
    const { id: uploadId } = await server.uploaded(token);
    const body = { presetId: 'video-cover', uploadId };
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.order(token, { key: 'k', body })));
    const made = await Promise.all(answers.map(async (answer) => (await answer.json()) as CreatedJob));
    assert.equal(new Set(made.map(({ job }) => job.id)).size, 1);
    assert.equal(made[0]!.job.source?.width, 900);
    const page = (await (await server.call('/v1/ledger', { token })).json()) as { items: { balanceAfter: number }[] };
    assert.deepEqual(
      page.items.map((entry) => entry.balanceAfter),
      [90, 100],
    );
  });

  it('eight grants at once with one reference are one grant', async () => {
    const json = { amount: 10, reference: 'payment-1' };
    const path = '/v1/host/accounts/granted/grants';
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.call(path, { token: siteKey, json })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 200, 200, 200, 200, 201]);
  });

  it('a site reads its jobs', async () => {
    const answer = await server.call('/v1/host/jobs?userId=eight', { token: siteKey });
    const { items } = (await answer.json()) as { items: (Job & { userId: string })[] };
    assert.deepEqual(
      items.map(({ userId }) => userId),
      ['eight'],
    );
  });

  it('texts that the database cannot hold are refused before it is asked', async () => {
    const token = await server.mint();
    const json = { presetId: 'video-cover', title: 'a\u0000b' };
    const invalid = { status: 422, code: 'invalid_request' };
    await problemOf(await server.call('/v1/jobs', { token, json, headers: { 'idempotency-key': 'n' } }), invalid);
    for (const path of ['/v1/jobs/%00', '/v1/jobs?cursor=%00', '/v1/jobs?groupId=a%00'])
      await problemOf(await server.call(path, { token }), { status: 404, code: 'not_found' });
    assert.equal((await server.call('/v1/jobs/no-such-id', { token })).status, 404);
    assert.deepEqual(server.logged, []);
  });
});
