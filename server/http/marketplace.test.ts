import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { jobSchema, type Job } from '../contract.ts';
import { testJob, testPreset } from '../store/testing.ts';
import { firstSite, startTestServer, type TestServer } from './testing.ts';

const rules = {
  marketplace: 'Ozon',
  minSeconds: 8,
  maxSeconds: 30,
  maxBytes: 20_000_000,
  containers: ['mp4', 'mov'],
  aspectRatio: null,
  source: 'secret source',
};
const video = { key: 'a/b/c.mp4', width: 960, height: 1280, seconds: 5.04, bytes: 1_000_000, sha256: 'x' };

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await server.parts.store.presets.addMissing([{ ...testPreset, presetId: 'ozon', rules }], 1);
});
after(() => server.close());

/** A job of seller-1 as the seller reads it. */
async function read(facts: object): Promise<Job> {
  const { store, runtime } = server.parts;
  const seller = { siteId: firstSite.id, userId: 'seller-1' };
  const { id: accountId } = await store.accounts.ensure(seller, { id: uuidv7(), now: runtime.now() });
  const job = testJob({ accountId, ...facts });
  await store.transaction((tx) => store.jobs.insert(tx, job));
  const answer = await server.call(`/v1/jobs/${job.id}`, { token: await server.mint() });
  return ((await answer.json()) as { job: Job }).job;
}

const done = { status: 'completed', stage: 'done', video: { ...video, contentType: 'video/mp4' } };

it('a finished job says which rules of its marketplace the file meets, and nothing of their source', async () => {
  const job = await read({ ...done, presetId: 'ozon', presetRevision: 1 });
  assert.equal(job.status, 'completed', 'a rule that is not met does not fail the job');
  assert.deepEqual(job.marketplace, {
    name: 'Ozon',
    checks: [
      { rule: 'minSeconds', passes: false },
      { rule: 'maxSeconds', passes: true },
      { rule: 'maxBytes', passes: true },
      { rule: 'container', passes: true },
    ],
  });
  assert.deepEqual(jobSchema.parse(job), job);
  assert.doesNotMatch(JSON.stringify(job), /secret source/);
});

it('the rules are those of the revision that the job was made with', async () => {
  const change = { rules: { ...rules, marketplace: 'Later' } };
  await server.parts.store.presets.revise({ id: 'ozon', expectedRevision: 1, change, author: 'anna', now: 2 });
  assert.equal((await read({ ...done, presetId: 'ozon', presetRevision: 1 })).marketplace?.name, 'Ozon');
  assert.equal((await read({ ...done, presetId: 'ozon', presetRevision: 2 })).marketplace?.name, 'Later');
});

it('a job without a clip or without a marketplace says nothing of one', async () => {
  assert.equal((await read({ presetId: 'ozon' })).marketplace, undefined);
  assert.equal((await read(done)).marketplace, undefined);
});
