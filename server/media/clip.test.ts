import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import encoder from 'h264-mp4-encoder';
import {
  BufferSource,
  BufferTarget,
  Conversion,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MkvOutputFormat,
  MovOutputFormat,
  MP4,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
} from 'mediabunny';
import { checkClip, probeClip, type ClipFacts } from './clip.ts';

let folder: string;
let plain: Buffer;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clips-'));
  plain = await remux(await encode(), { format: new Mp4OutputFormat({ fastStart: 'in-memory' }) });
});
after(() => rm(folder, { recursive: true, force: true }));

const expected: ClipFacts = { width: 48, height: 64, seconds: 5, videoCodec: 'avc', audioTracks: 0, container: 'mp4' };

/** Five seconds of 48 × 64 at five frames a second: under two kilobytes. */
async function encode(): Promise<Uint8Array> {
  const clip = await encoder.createH264MP4Encoder();
  Object.assign(clip, { width: 48, height: 64, frameRate: 5, speed: 10 });
  clip.initialize();
  for (let index = 0; index < 25; index++) clip.addFrameRgba(new Uint8Array(48 * 64 * 4).fill(index * 9));
  clip.finalize();
  const bytes = clip.FS.readFile(clip.outputFilename);
  clip.delete();
  return bytes;
}

const openBytes = (bytes: Uint8Array) => new Input({ formats: [MP4], source: new BufferSource(bytes) });

async function remux(bytes: Uint8Array, { format, rotate }: { format: OutputFormat; rotate?: 90 }): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const conversion = await Conversion.init({ input: openBytes(bytes), output, ...(rotate && { video: { rotate } }) });
  await conversion.execute();
  return Buffer.from(target.buffer!);
}

async function withSound(bytes: Uint8Array): Promise<Buffer> {
  const track = (await openBytes(bytes).getPrimaryVideoTrack())!;
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const [video, audio] = [new EncodedVideoPacketSource('avc'), new EncodedAudioPacketSource('aac')];
  output.addVideoTrack(video);
  output.addAudioTrack(audio);
  await output.start();
  const videoConfig = (await track.getDecoderConfig())!;
  for await (const packet of new EncodedPacketSink(track).packets())
    await video.add(packet, { decoderConfig: videoConfig });
  const audioConfig = {
    codec: 'mp4a.40.2',
    sampleRate: 48_000,
    numberOfChannels: 1,
    description: Buffer.from([17, 136]),
  };
  await audio.add(new EncodedPacket(Buffer.alloc(8), 'key', 0, 5), { decoderConfig: audioConfig });
  await output.finalize();
  return Buffer.from(target.buffer!);
}

async function probe(bytes: Uint8Array | string): Promise<ClipFacts | null> {
  const path = join(folder, 'clip');
  await writeFile(path, bytes);
  return probeClip(path);
}

test('the facts of a clip are read wherever its index stands', async () => {
  assert.deepEqual(await probe(plain), expected);
  assert.deepEqual(await probe(await remux(plain, { format: new Mp4OutputFormat({ fastStart: false }) })), expected);
  assert.deepEqual(
    await probe(await remux(plain, { format: new Mp4OutputFormat({ fastStart: 'fragmented' }) })),
    expected,
  );
});

test('a turned clip has the size that players show', async () => {
  const turned = await remux(plain, { format: new Mp4OutputFormat({ fastStart: 'in-memory' }), rotate: 90 });
  assert.deepEqual(await probe(turned), { ...expected, width: 64, height: 48 });
});

test('sound tracks are counted', async () => {
  assert.deepEqual(await probe(await withSound(plain)), { ...expected, audioTracks: 1 });
});

test('a MOV says so', async () => {
  assert.deepEqual(await probe(await remux(plain, { format: new MovOutputFormat() })), {
    ...expected,
    container: 'mov',
  });
});

test('a clip cut at any length is no clip, wherever its index stands', async () => {
  for (const fastStart of ['in-memory', false, 'fragmented'] as const) {
    const whole = await remux(plain, { format: new Mp4OutputFormat({ fastStart }) });
    const path = join(folder, 'cut');
    await writeFile(path, whole);
    for (let length = whole.length - 1; length >= 0; length--) {
      await truncate(path, length);
      assert.equal(await probeClip(path), null, `${fastStart}: ${length} of ${whole.length} bytes`);
    }
  }
});

test('bytes after the clip make it no clip', async () => {
  assert.equal(await probe(Buffer.concat([plain, Buffer.from('x')])), null);
  assert.equal(await probe(Buffer.concat([plain, Buffer.from('<script>alert(1)</script>')])), null);
});

test('a clip whose index points outside the file is no clip', async () => {
  // The picture data is cut off and its box is made to fit again.
  const at = plain.indexOf('mdat') - 4;
  const cut = Buffer.from(plain.subarray(0, at + 200));
  cut.writeUInt32BE(200, at);
  assert.equal(await probe(cut), null);
});

test('a last box without a length, which could hide a cut, makes it no clip', async () => {
  const open = Buffer.from(plain);
  open.writeUInt32BE(0, open.indexOf('mdat') - 4);
  assert.equal(await probe(open), null);
});

test('a 64-bit box length is understood', async () => {
  const free = Buffer.alloc(24);
  free.writeUInt32BE(1, 0);
  free.write('free', 4, 'latin1');
  free.writeBigUInt64BE(24n, 8);
  assert.deepEqual(await probe(Buffer.concat([plain, free])), expected);
  free.writeBigUInt64BE(25n, 8);
  assert.equal(await probe(Buffer.concat([plain, free])), null);
});

test('other files are no clips', async () => {
  const matroska = await remux(plain, { format: new MkvOutputFormat() });
  const boxes = ['ftyp', 'moov', 'mdat'].map((type) => Buffer.from(`\0\0\0\x08${type}`, 'latin1'));
  const many = Buffer.concat([...boxes, ...Array<Buffer>(5000).fill(Buffer.from('\0\0\0\x08free', 'latin1'))]);
  for (const bytes of [matroska, Buffer.concat(boxes), many, '', '<html>expired</html>', Buffer.alloc(5000)])
    assert.equal(await probe(bytes), null);
});

test('a missing file throws', async () => {
  await assert.rejects(probeClip(join(folder, 'missing')), { code: 'ENOENT' });
});

test('reading a long clip does not take it into memory', async () => {
  const boxed = Buffer.alloc(8);
  const filler = 200_000_000;
  boxed.writeUInt32BE(filler + 8);
  boxed.write('free', 4, 'latin1');
  const path = join(folder, 'long');
  await writeFile(path, Buffer.concat([plain, boxed]));
  await truncate(path, plain.length + 8 + filler);
  const atStart = process.memoryUsage().arrayBuffers;
  assert.deepEqual(await probeClip(path), expected);
  assert.ok(process.memoryUsage().arrayBuffers - atStart < 20_000_000);
});

const promise = { seconds: 5, aspectRatio: { width: 3, height: 4 }, sound: false };
const verdicts: [name: string, facts: Partial<ClipFacts>, reasons: string[]][] = [
  ['as promised', {}, []],
  ['half a second short', { seconds: 4.5 }, []],
  ['a second long', { seconds: 6 }, []],
  ['too short', { seconds: 4.49 }, ['it lasts 4.49 s, not 5 s']],
  ['too long', { seconds: 6.01 }, ['it lasts 6.01 s, not 5 s']],
  ['without a length', { seconds: NaN }, ['it lasts NaN s, not 5 s']],
  ['rounded to even pixels', { width: 1176, height: 1572 }, []],
  ['nearly too wide', { width: 764, height: 1000 }, []],
  ['too wide', { width: 766, height: 1000 }, ['the picture is 766×1000, not 3:4']],
  ['lying down', { width: 64, height: 48 }, ['the picture is 64×48, not 3:4']],
  ['H.265', { videoCodec: 'hevc' }, []],
  ['VP9', { videoCodec: 'vp9' }, ['the codec is vp9, not H.264 or H.265']],
  ['a MOV', { container: 'mov' }, ['the file is mov, not mp4']],
  ['with sound', { audioTracks: 1 }, ['it has a sound track, but was to be silent']],
  [
    'wrong twice',
    { seconds: 10, audioTracks: 2 },
    ['it lasts 10 s, not 5 s', 'it has a sound track, but was to be silent'],
  ],
];
for (const [name, facts, reasons] of verdicts)
  test(`a clip ${name} is ${reasons.length ? 'refused with reasons' : 'accepted'}`, () => {
    assert.deepEqual(checkClip({ ...expected, ...facts }, promise), reasons);
  });

test('promised sound must be there', () => {
  assert.deepEqual(checkClip({ ...expected, audioTracks: 1 }, { ...promise, sound: true }), []);
  assert.deepEqual(checkClip(expected, { ...promise, sound: true }), ['it has no sound track, but was to have sound']);
});
