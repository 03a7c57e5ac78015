import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import sharp from 'sharp';
import { createClipMaker } from './clip-maker.ts';
import { cameraAt, drawFrame, readStill } from './clip-frames.ts';

async function speckledPhoto(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: 750, height: 1000, channels: 3, background: '#888', noise } })
    .jpeg()
    .toBuffer();
}

test('a 3:4 photo becomes a silent moving H.264 clip of 720 × 960 with its index in front', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'clips-'));
  const maker = createClipMaker(directory);
  t.after(async () => {
    await maker.close();
    await rm(directory, { recursive: true });
  });
  const order = { picture: await speckledPhoto(), width: 720, height: 960, framesPerSecond: 24, frameCount: 121 };
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 20);
  const path = await maker.make(order);
  clearInterval(ticking);
  assert.ok(ticks > 20, 'the event loop went on while the clip was made');
  const bytes = await readFile(path);
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
  const video = await input.getPrimaryVideoTrack();
  assert.ok(video);
  assert.deepEqual([video.codec, video.displayWidth, video.displayHeight], ['avc', 720, 960]);
  assert.ok(Math.abs((await input.computeDuration()) - 5.042) < 0.05);
  assert.equal((await input.getAudioTracks()).length, 0);
  assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'), 'the index comes first');
  const sizes: number[] = [];
  for await (const packet of new EncodedPacketSink(video).packets()) sizes.push(packet.byteLength);
  assert.equal(sizes.length, 121);
  assert.ok(Math.min(...sizes.slice(1, 20)) > 200, 'frames that follow carry a change');
  assert.equal(await maker.make(order), path);
});

test('a picture that cannot be decoded is refused and does not stop the next one', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'clips-'));
  const maker = createClipMaker(directory);
  t.after(async () => {
    await maker.close();
    await rm(directory, { recursive: true });
  });
  const shape = { width: 64, height: 64, framesPerSecond: 5, frameCount: 5 };
  const half = (await speckledPhoto()).subarray(0, 20_000);
  await assert.rejects(maker.make({ ...shape, picture: half }), /could not be made/);
  assert.ok(await maker.make({ ...shape, picture: null }));
});

test('the camera moves by less than three pixels a frame and returns to its start', async () => {
  const size = { width: 180, height: 240 };
  const still = await readStill(await speckledPhoto(), size);
  const draw = (moment: number) => {
    const frame = new Uint8Array((size.width * size.height * 3) / 2);
    drawFrame(still, cameraAt(moment), { size, frame });
    return frame;
  };
  assert.notDeepEqual(draw(0), draw(0.1));
  assert.deepEqual(draw(0), draw(1));
  for (let index = 0; index < 120; index += 1) {
    const [here, next] = [cameraAt(index / 120), cameraAt((index + 1) / 120)];
    assert.ok(Math.abs(next.left - here.left) * 720 < 3);
  }
});
