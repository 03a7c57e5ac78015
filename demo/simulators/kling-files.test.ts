import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import { plainPhoto, simulate } from './kling-testing.ts';

async function finished(simulated: Awaited<ReturnType<typeof simulate>>, fields: object = {}): Promise<string> {
  const { task_id: id } = (await simulated.create(fields)).body.data;
  simulated.pass(10_000);
  return (await simulated.read(id)).body.data.task_result.videos[0].url;
}

test('the result is an MP4 in the shape of the picture, without credentials', async (t) => {
  const simulated = await simulate(t);
  const response = await fetch(await finished(simulated));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'video/mp4');
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(response.headers.get('content-length'), String(bytes.length));
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
  const video = await input.getPrimaryVideoTrack();
  assert.deepEqual([video?.codec, video?.displayWidth, video?.displayHeight], ['avc', 180, 240]);
  assert.ok(Math.abs((await input.computeDuration()) - 5.042) < 0.05);
});

test('a wide picture gives a wide clip', async (t) => {
  const simulated = await simulate(t);
  const response = await fetch(await finished(simulated, { image: await plainPhoto(800, 450) }));
  const source = new BufferSource(Buffer.from(await response.arrayBuffer()));
  const video = await new Input({ formats: ALL_FORMATS, source }).getPrimaryVideoTrack();
  assert.deepEqual([video?.displayWidth, video?.displayHeight], [320, 180]);
});

test('parts of the file are served by range', async (t) => {
  const simulated = await simulate(t);
  const url = await finished(simulated);
  const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
  const part = async (range: string) => {
    const response = await fetch(url, { headers: { range } });
    return { status: response.status, range: response.headers.get('content-range'), response };
  };
  const middle = await part('bytes=10-19');
  assert.deepEqual([middle.status, middle.range], [206, `bytes 10-19/${whole.length}`]);
  assert.deepEqual(Buffer.from(await middle.response.arrayBuffer()), whole.subarray(10, 20));
  const tail = await part('bytes=-5');
  assert.deepEqual(Buffer.from(await tail.response.arrayBuffer()), whole.subarray(-5));
  const beyond = await part(`bytes=${whole.length}-`);
  assert.deepEqual([beyond.status, beyond.range], [416, `bytes */${whole.length}`]);
});

test('a changed or expired address is 403', async (t) => {
  const simulated = await simulate(t, { urlLifetimeMs: 60_000 });
  const url = await finished(simulated);
  const forged = new URL(url);
  forged.searchParams.set('expires', String(Number(forged.searchParams.get('expires')) + 1));
  assert.equal((await fetch(forged)).status, 403);
  assert.equal((await fetch(url)).status, 200);
  simulated.pass(60_000);
  assert.equal((await fetch(url)).status, 403);
});
