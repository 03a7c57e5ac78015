/** The same promises at another make of S3, `npm run test:ceph`: signatures, conditions, pages and errors are Ceph's own. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { Agent } from 'undici';
import { hasCeph, startCeph } from '../../.tools/ceph.ts';
import { blobSuite } from './blobs.suite.ts';
import { pageOf } from './s3-answers.ts';
import { S3Error } from './s3-error.ts';
import { createS3Blobs, type S3Settings } from './s3.ts';
import { createS3Wire, type S3Wire } from './s3-wire.ts';

if (!hasCeph) it('needs Ceph: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd', { skip: true });
else {
  let ceph: Awaited<ReturnType<typeof startCeph>>;
  let place: Omit<S3Settings, 'reads'>;
  let wire: S3Wire;
  before(async () => {
    ceph = await startCeph();
    const { endpoint, bucket, accessKeyId, secretAccessKey } = ceph;
    const credentials = { accessKeyId, secretAccessKey };
    place = { endpoint, bucket, prefix: 'suite', region: 'us-east-1', addressing: 'path', credentials };
    const standing = { dispatcher: new Agent(), timeoutMs: 30_000, now: Date.now, random: Math.random };
    wire = createS3Wire({ place, credentials, ...standing });
    await wire.send({ method: 'PUT' });
  });
  after(() => ceph.stop());

  const open = (changes: Partial<S3Settings> = {}, pageSize = 1000) =>
    createS3Blobs({ ...place, reads: 'redirect', ...changes }, { pageSize });
  const put = async (key: string, body: string, changes: Partial<S3Settings> = {}) =>
    (await open(changes)).put(key, Readable.from([Buffer.from(body)]), { maxBytes: 1000 });

  blobSuite('s3 of Ceph', async () => ({
    blobs: await open(),
    async list() {
      const answer = await wire.send({ method: 'GET', query: { 'list-type': '2', prefix: 'suite/' } });
      return pageOf(await answer!.body.text()).objects.map(({ key }) => key);
    },
    close: async () => {},
  }));

  describe('s3 of Ceph', () => {
    it('lists by pages', async () => {
      const blobs = await open({ prefix: 'pages' }, 3);
      const keys = Array.from({ length: 8 }, (_, index) => `a/${index}.jpg`);
      for (const key of keys) await put(key, key, { prefix: 'pages' });
      await put('a/0.jpg', 'x', { prefix: 'pages2' });
      assert.deepEqual((await Array.fromAsync(blobs.list())).map(({ key }) => key).toSorted(), keys);
    });

    it('opens our addresses for this object alone, with its type and name', async () => {
      await put('a/clip.mp4', 'clip', { prefix: 'direct' });
      const { direct } = await open({ prefix: 'direct' });
      const disposition = `attachment; filename="a b.mp4"; filename*=UTF-8''%D1%8B%281%29.mp4`;
      const address = await direct!.address('a/clip.mp4', { seconds: 60, contentType: 'video/mp4', disposition });
      const opened = await fetch(address, { headers: { range: 'bytes=1-2' } });
      assert.deepEqual([opened.status, await opened.text()], [206, 'li']);
      assert.equal(opened.headers.get('content-type'), 'video/mp4');
      assert.equal(opened.headers.get('content-disposition'), disposition);
      assert.equal((await fetch(address.replace('clip.mp4', 'none.mp4'))).status, 403);
      assert.equal((await fetch(address.replace('X-Amz-Expires=960', 'X-Amz-Expires=99999'))).status, 403);
    });

    it('says what is wrong with our settings', async () => {
      const said = async (changes: Partial<S3Settings>) => {
        const fault = await (await open(changes)).check().catch((thrown: unknown) => thrown);
        assert.ok(fault instanceof S3Error, String(fault));
        return fault.message;
      };
      const { credentials } = place;
      const wrongSecret = { credentials: { ...credentials, secretAccessKey: 'canary' } };
      assert.match(await said(wrongSecret), /AWS_SECRET_ACCESS_KEY does not belong/);
      assert.match(await said({ credentials: { ...credentials, accessKeyId: 'other' } }), /does not know the key/);
      assert.match(await said({ bucket: 'no-such-bucket' }), /There is no bucket no-such-bucket/);
    });

    it('refuses other bytes than were signed, and keeps nothing of them', async () => {
      const [right, wrong] = [Buffer.from('right'), Buffer.from('wrong')];
      const { sha256 } = await (await open()).put('sums/a.bin', Readable.from([right]), { maxBytes: 10 });
      const body = { bytes: wrong.length, sha256, open: () => Readable.from([wrong]) };
      await assert.rejects(wire.send({ method: 'PUT', key: 'sums/b.bin', body }), /bytes that arrived were not/);
      assert.equal(await (await open()).stat('sums/b.bin'), null);
    });

    it('takes and gives 64 MB', async () => {
      const blobs = await open();
      const chunk = Buffer.alloc(1024 * 1024, 7);
      const source = Readable.from(Array.from({ length: 64 }, () => chunk));
      const { bytes } = await blobs.put('large/a.bin', source, { maxBytes: 70_000_000 });
      assert.equal(bytes, 64 * 1024 * 1024);
      const range = { start: bytes - 3, end: bytes - 1 };
      assert.equal((await buffer((await blobs.read('large/a.bin', range))!)).length, 3);
      assert.equal((await buffer((await blobs.read('large/a.bin'))!)).length, bytes);
    });
  });
}
