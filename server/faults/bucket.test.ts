/** The whole server with its files in a bucket: good days and bad ones. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compose } from '../compose.ts';
import type { Share } from '../contract.ts';
import { loadConfig } from '../config.ts';
import { consult } from '../doctor/consult.ts';
import { makePicture } from '../http/testing.ts';
import { startTestS3, type TestS3 } from '../media/s3-testing.ts';
import { startSite, type TestSite } from './server-process-testing.ts';

const canary = 'canary-of-the-secret-7f3a';
let s3: TestS3;
let site: TestSite;
let bucket: Record<string, string>;
let jobId: string;

before(async () => {
  s3 = await startTestS3();
  site = await startSite();
  const { endpoint, region, bucket: name, credentials } = s3.settings;
  bucket = {
    STORAGE_URL: `s3://${name}/media?region=${region}&endpoint=${endpoint}&reads=redirect`,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ADMIN_PASSWORD: 'a password of the test',
  };
});
after(() => Promise.all([site.close(), s3.close()]));

/** In this process, which is quicker than one of its own. */
async function start(env: Record<string, string>) {
  const system = await compose(loadConfig({ ...site.settings, LOG_LEVEL: 'silent', ...env }));
  await system.listen();
  return system;
}

const findingOf = async (env: Record<string, string>) => {
  const findings = await consult({ ...site.settings, ...env }, { offline: true });
  return findings.find(({ id }) => id === 'storage')!;
};

describe('a server whose files lie in a bucket', () => {
  it('does not begin on an empty database with keys that the bucket refuses: it says which, and not the secret', async () => {
    const wrong = { ...bucket, AWS_SECRET_ACCESS_KEY: canary };
    await assert.rejects(start(wrong), (fault: Error) => {
      assert.match(fault.message, /AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID/);
      assert.doesNotMatch(fault.message, /canary/);
      assert.ok('code' in fault, 'main.ts prints it as a sentence, without a stack');
      return true;
    });
  });

  it('makes a clip through a busy bucket, and sends the browser there for it', async () => {
    const server = await start(bucket);
    assert.equal((await site.call('/readyz')).status, 200);
    await site.grant(100, 'a');
    const uploadId = await site.uploaded();
    s3.plan('PUT', { refuse: [503, 'SlowDown'] }, { cut: 'after' });
    const { job } = await site.order(uploadId, { key: 'one' });
    const done = await site.when(job.id, ({ status }) => status !== 'pending' && status !== 'processing');
    assert.equal(done.status, 'completed');
    const clip = await fetch(done.video!.url);
    assert.ok(clip.redirected && clip.url.startsWith(s3.settings.endpoint));
    assert.equal((await clip.arrayBuffer()).byteLength, done.video!.bytes);
    const poster = await fetch(done.video!.posterUrl);
    assert.deepEqual([poster.redirected, poster.headers.get('content-type')], [false, 'image/jpeg']);
    const kept = await s3.keys();
    assert.equal(kept.length, 3, kept.join());
    assert.ok(kept.every((key) => key.startsWith('media/')));

    const { share } = (await (await site.call(`/v1/jobs/${job.id}/share`, { method: 'POST' })).json()) as {
      share: Share;
    };
    const shown = await fetch(share.videoUrl!, { redirect: 'manual' });
    assert.ok(shown.headers.get('location')!.startsWith(s3.settings.endpoint));
    for (const page of [share.url, new URL('/admin', share.url)])
      assert.ok(
        (await fetch(page)).headers
          .get('content-security-policy')!
          .includes(`media-src 'self' ${s3.settings.endpoint};`),
      );

    assert.equal((await findingOf(bucket)).state, 'ok');
    jobId = job.id;
    await server.close(1000);
  });

  it('with keys that were taken away starts, is not ready, loses nothing, and goes on with the right ones', async () => {
    const wrong = { ...bucket, AWS_SECRET_ACCESS_KEY: canary };
    const server = await start(wrong);
    const ready = await site.call('/readyz');
    assert.equal(ready.status, 503);
    assert.deepEqual(((await ready.json()) as { failing: string[] }).failing, ['storage']);
    const refused = await site.call('/v1/uploads', {
      method: 'POST',
      body: await makePicture(),
      headers: { 'content-type': 'image/jpeg' },
    });
    assert.equal(refused.status, 503);
    await server.close(1000);

    const finding = await findingOf(wrong);
    assert.equal(finding.state, 'failed');
    assert.match(finding.text, /AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID/);
    assert.doesNotMatch(JSON.stringify(finding), /canary/);

    const again = await start(bucket);
    const { video } = await site.when(jobId, () => true);
    assert.equal((await fetch(video!.url)).status, 200);
    await again.close(1000);
  });

  it('is refused an empty database beside a bucket of sellers’ files', async () => {
    const { DATABASE_URL: database } = site.settings;
    const lost = { ...bucket, DATABASE_URL: database.replace('covers.db', 'other.db') };
    await assert.rejects(start(lost), /other\.db is empty, but s3:\/\/covers\/media holds .*name another prefix/s);
  });
});
