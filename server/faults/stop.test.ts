import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startSite, type TestSite } from './server-process-testing.ts';

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

it('a connection that was opened in advance, and an admin page that listens, do not keep a server that stops', async (t) => {
  const place = await startSite();
  t.after(() => place.close());
  const server = await place.start({ ADMIN_PASSWORD: 'the password of the owner' });
  const spare = connect(Number(place.settings.PORT), '127.0.0.1').on('error', () => {});
  await once(spare, 'connect');
  const page = await adminStream(place);
  const asked = performance.now();
  assert.equal((await server.signal('SIGTERM')).code, 0);
  assert.ok(performance.now() - asked < 8_000, 'sooner than answers under way are cut');
  assert.match(await page.text(), /welcome/);
  spare.destroy();
});

/** Signs in as the owner and opens the stream that the list of jobs listens to. */
async function adminStream({ call, settings }: TestSite): Promise<Response> {
  const origin = `http://127.0.0.1:${settings.PORT}`;
  const signedIn = await call('/admin/sign-in', {
    method: 'POST',
    redirect: 'manual',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ password: 'the password of the owner' }).toString(),
  });
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
  const stream = await call('/admin/events', { headers: { cookie } });
  assert.equal(stream.status, 200);
  return stream;
}
