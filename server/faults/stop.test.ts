import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startSite } from './server-process-testing.ts';

/** Where the job is when the signal comes, and what keeps it there long enough to be seen. */
const stops: { stage: string; prompt?: string }[] = [
  { stage: 'queued' },
  { stage: 'submitting', prompt: '[[sim:busy-twice]]' },
  { stage: 'generating' },
  { stage: 'saving', prompt: '[[sim:download-500]]' },
];

it('SIGTERM at any stage of a job ends the server with 0, the next one finishes the job; while a call is in hand it is not ready, and a second SIGTERM ends it at once', async (t) => {
  const place = await startSite({ kling: { processingMs: 600 } });
  t.after(() => place.close());
  let server = await place.start();
  await place.grant(1_000, 'all');
  const uploadId = await place.uploaded();

  for (const { stage, prompt } of stops) {
    const before = await place.balance();
    const { job } = await place.order(uploadId, { key: stage, ...(prompt && { prompt }) });
    if (stage !== 'queued') await place.when(job.id, (now) => now.stage === stage || now.status === 'completed');
    const { code, said } = await server.signal('SIGTERM');
    assert.equal(code, 0, said);
    assert.match(said, /"msg":"stopped"/);

    server = await place.start();
    await place.when(job.id, ({ status }) => status === 'completed');
    assert.equal(await place.balance(), before - job.tokensCost, stage);
    const tasks = place.kling.tasks().filter(({ externalId }) => externalId === `kvc-${job.id}`);
    assert.equal(tasks.length, 1, stage);
  }

  await place.order(uploadId, { key: 'hang', prompt: '[[sim:hang]]' });
  while (!place.kling.tasks().some(({ prompt }) => prompt.includes('[[sim:hang]]'))) await pause(20);
  const gone = server.signal('SIGTERM');
  for (;;) {
    const ready = await place.call('/readyz').catch(() => null);
    if (!ready) break;
    assert.equal(ready.status, 503);
  }
  await pause(300);
  assert.equal(server.hasEnded(), false, 'the call may still be answered');
  const asked = performance.now();
  await server.signal('SIGTERM');
  assert.equal((await gone).code, 1);
  assert.ok(performance.now() - asked < 2_000);
});
