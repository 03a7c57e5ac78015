import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Color, type Sharp } from 'sharp';
import { AppError } from '../errors.ts';
import { checkPicture, createPictures, type Composition } from './picture.ts';

const pictures = createPictures({ maxPixels: 50_000_000 });
const rules: Composition['rules'] = { formats: ['jpeg', 'png'], maxBytes: 10_000_000, minSide: 1, maxRatio: 2.5 };
const aspectRatio = { width: 3, height: 4 };
const orange = { r: 192, g: 64, b: 32 };
let folder: string;
let count = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function file(content: Buffer | string | Sharp): Promise<string> {
  const path = join(folder, `${count++}`);
  const bytes = typeof content === 'string' || Buffer.isBuffer(content) ? content : await content.toBuffer();
  await writeFile(path, bytes);
  return path;
}

const plain = (width: number, height: number, background: Color = orange) =>
  sharp({ create: { width, height, channels: 3, background } });
function pngChunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** A square of black, one bit a pixel: 256 megapixels are 150 kB. */
function emptyPng(side: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  const rows = deflateSync(Buffer.alloc((side / 8 + 1) * side), { level: 1 });
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([start, pngChunk('IHDR', header), pngChunk('IDAT', rows), pngChunk('IEND', Buffer.alloc(0))]);
}
const noise = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 40 }, background: '#fff' },
  });

async function compose(path: string, changes: Partial<Composition> = {}) {
  const { width, height } = await pictures.inspect(path);
  const frame = { x: 0, y: 0, width, height };
  return pictures.compose({ path, frame, fit: 'crop', aspectRatio, rules, ...changes });
}

async function pixelAt(bytes: Buffer, left: number, top: number): Promise<number[]> {
  return [...(await sharp(bytes).extract({ left, top, width: 1, height: 1 }).raw().toBuffer())];
}

function assertNear(given: number[], expected: number[], tolerance = 6): void {
  const isNear = given.length === expected.length && given.every((v, i) => Math.abs(v - expected[i]!) <= tolerance);
  assert.ok(isNear, `${given} is not near ${expected}`);
}

const refusal =
  (code: string, facts: object = {}) =>
  (error: unknown) => {
    assert.ok(error instanceof AppError, String(error));
    assert.deepEqual({ code: error.code, facts: error.facts }, { code, facts });
    return true;
  };

describe('inspect', () => {
  test('JPEG, PNG and WebP are read, from one pixel on', async () => {
    assert.deepEqual(await pictures.inspect(await file(plain(60, 80).jpeg())), {
      width: 60,
      height: 80,
      format: 'jpeg',
    });
    assert.deepEqual(await pictures.inspect(await file(plain(60, 80).webp())), {
      width: 60,
      height: 80,
      format: 'webp',
    });
    assert.deepEqual(await pictures.inspect(await file(plain(1, 1).png())), { width: 1, height: 1, format: 'png' });
  });

  test('CMYK, 16-bit, grey and interlaced pictures are read', async () => {
    for (const image of [
      plain(60, 80).toColourspace('cmyk').jpeg(),
      plain(60, 80).jpeg({ progressive: true }),
      plain(60, 80).toColourspace('rgb16').png(),
      plain(60, 80).toColourspace('b-w').png(),
      plain(60, 80).png({ progressive: true }),
    ])
      assert.equal((await pictures.inspect(await file(image))).height, 80);
  });

  test('a file cut anywhere is refused', async () => {
    for (const image of [
      noise(90, 120).jpeg(),
      noise(90, 120).jpeg({ progressive: true }),
      noise(90, 120).png(),
      noise(90, 120).webp(),
    ]) {
      const whole = await image.toBuffer();
      // The last 12 bytes of a PNG are its empty end mark: without them all pixels are still there.
      for (const missing of [13, 20, 100, whole.length >> 1, whole.length - 40, whole.length - 5, whole.length]) {
        const path = await file(whole.subarray(0, whole.length - missing));
        await assert.rejects(
          pictures.inspect(path),
          refusal('image_unreadable'),
          `${missing} of ${whole.length} bytes missing`,
        );
      }
    }
  });

  test('a PNG with one bit changed is refused', async () => {
    const whole = await noise(90, 120).png().toBuffer();
    for (const place of [0.1, 0.5, 0.9]) {
      const bytes = Buffer.from(whole);
      bytes[Math.floor(bytes.length * place)]! ^= 1;
      await assert.rejects(pictures.inspect(await file(bytes)), refusal('image_unreadable'), `at ${place}`);
    }
  });

  test('a JPEG with a harmless fault is taken, as browsers do', async () => {
    const bytes = await noise(90, 120).jpeg().toBuffer();
    const afterFirstSegment = 4 + bytes.readUInt16BE(4);
    const parts = [bytes.subarray(0, afterFirstSegment), Buffer.from([1, 2, 3]), bytes.subarray(afterFirstSegment)];
    const path = await file(Buffer.concat(parts));
    assert.equal((await pictures.inspect(path)).width, 90);
  });

  test('a bomb is refused before it is decoded, with the limit', async () => {
    const bomb = await file(emptyPng(16_000));
    const startedMs = performance.now();
    await assert.rejects(pictures.inspect(bomb), refusal('image_unreadable', { maxPixels: 50_000_000 }));
    assert.ok(performance.now() - startedMs < 200);
  });

  test('the limit is inclusive', async () => {
    assert.equal((await pictures.inspect(await file(emptyPng(800)))).height, 800);
    const exact = createPictures({ maxPixels: 4800 });
    assert.equal((await exact.inspect(await file(plain(60, 80).png()))).width, 60);
    await assert.rejects(
      exact.inspect(await file(plain(60, 81).png())),
      refusal('image_unreadable', { maxPixels: 4800 }),
    );
  });

  test('everything else is refused', async () => {
    const frames = Buffer.concat([await plain(8, 8).raw().toBuffer(), await plain(8, 8, '#000').raw().toBuffer()]);
    const animated = sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } }).webp({ loop: 0 });
    const png = await plain(8, 8).png().toBuffer();
    const files: Record<string, Buffer | string | Sharp> = {
      SVG: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      HTML: '<!doctype html><script>alert(1)</script>',
      GIF: plain(8, 8).gif(),
      TIFF: plain(8, 8).tiff(),
      AVIF: plain(8, 8).avif({ effort: 0 }),
      HEIC: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
      'animated WebP': animated,
      'MP4 with a JPEG start': Buffer.from('\xff\xd8\xff\0ftypisom', 'latin1'),
      'SVG with a PNG start': Buffer.concat([png.subarray(0, 8), Buffer.from('<svg width="9" height="9"/>')]),
      'PNG after other bytes': Buffer.concat([Buffer.from(' '), png]),
      empty: '',
    };
    for (const [name, content] of Object.entries(files))
      await assert.rejects(pictures.inspect(await file(content)), refusal('image_unreadable'), name);
  });

  test('the other libvips loaders are closed for the whole process', async () => {
    for (const content of [plain(8, 8).gif(), plain(8, 8).tiff()])
      await assert.rejects(sharp(await content.toBuffer()).metadata(), /unsupported/);
  });

  test('a missing file is our fault, not the picture’s', async () => {
    await assert.rejects(pictures.inspect(join(folder, 'missing')), { code: 'ENOENT' });
  });
});

describe('compose', () => {
  const corners = {
    topLeft: [230, 20, 20],
    topRight: [20, 200, 20],
    bottomLeft: [20, 20, 230],
    bottomRight: [240, 230, 20],
  };
  /** Where the stored picture finds its pixel in an upright one of width × height: EXIF 2.3, table 6. */
  const stored: Record<number, (x: number, y: number, width: number, height: number) => [x: number, y: number]> = {
    1: (x, y) => [x, y],
    2: (x, y, width) => [width - 1 - x, y],
    3: (x, y, width, height) => [width - 1 - x, height - 1 - y],
    4: (x, y, _, height) => [x, height - 1 - y],
    5: (x, y) => [y, x],
    6: (x, y, width) => [width - 1 - y, x],
    7: (x, y, width, height) => [width - 1 - y, height - 1 - x],
    8: (x, y, _, height) => [y, height - 1 - x],
  };

  for (const [orientation, place] of Object.entries(stored))
    test(`the right upright corners are cut under EXIF orientation ${orientation}`, async () => {
      const [width, height] = [90, 160];
      const [storedWidth, storedHeight] = Number(orientation) > 4 ? [height, width] : [width, height];
      const pixels = Buffer.alloc(width * height * 3);
      for (let y = 0; y < storedHeight; y++)
        for (let x = 0; x < storedWidth; x++) {
          const [uprightX, uprightY] = place(x, y, width, height);
          const isLeft = uprightX < width / 2;
          const name =
            uprightY < height / 2 ? (isLeft ? 'topLeft' : 'topRight') : isLeft ? 'bottomLeft' : 'bottomRight';
          pixels.set(corners[name], (y * storedWidth + x) * 3);
        }
      const image = sharp(pixels, { raw: { width: storedWidth, height: storedHeight, channels: 3 } });
      const path = await file(
        image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).withMetadata({ orientation: Number(orientation) }),
      );
      assert.deepEqual(await pictures.inspect(path), { width, height, format: 'jpeg' });
      const at = { topLeft: [0, 0], topRight: [45, 0], bottomLeft: [0, 80], bottomRight: [45, 80] } as const;
      for (const [name, [x, y]] of Object.entries(at)) {
        const picture = await compose(path, {
          frame: { x, y, width: 45, height: 80 },
          aspectRatio: { width: 9, height: 16 },
        });
        assert.deepEqual([picture.width, picture.height], [45, 80]);
        for (const [left, top] of [
          [2, 2],
          [42, 77],
        ] as const)
          assertNear(await pixelAt(picture.bytes, left, top), corners[name as keyof typeof corners], 12);
      }
    });

  test('a cut from a PNG keeps every pixel as it was', async () => {
    const source = noise(200, 200);
    const path = await file(source.png());
    const frame = { x: 31, y: 47, width: 90, height: 120 };
    const picture = await compose(path, { frame });
    assert.equal(picture.contentType, 'image/png');
    const expected = sharp(path).extract({ left: 31, top: 47, width: 90, height: 120 });
    assert.ok((await sharp(picture.bytes).raw().toBuffer()).equals(await expected.raw().toBuffer()));
  });

  test('the reported size is that of the bytes, exactly 3:4, and nothing is scaled up', async () => {
    const picture = await compose(await file(plain(301, 402).jpeg()));
    const { width, height, format } = await sharp(picture.bytes).metadata();
    assert.deepEqual({ width, height, format }, { width: 300, height: 400, format: 'jpeg' });
    assert.deepEqual([picture.width, picture.height, picture.contentType], [300, 400, 'image/jpeg']);
  });

  test('padding is white around the whole frame in the middle', async () => {
    const picture = await compose(await file(plain(300, 200).png()), { fit: 'pad' });
    assert.deepEqual([picture.width, picture.height], [300, 400]);
    for (const top of [0, 99, 300, 399]) assertNear(await pixelAt(picture.bytes, 150, top), [255, 255, 255], 0);
    for (const top of [100, 299]) assertNear(await pixelAt(picture.bytes, 150, top), [192, 64, 32], 0);
  });

  test('transparency becomes white', async () => {
    const background = { r: 200, g: 0, b: 0, alpha: 0.5 };
    const half = sharp({ create: { width: 30, height: 40, channels: 4, background } });
    for (const image of [
      half.clone().png(),
      half.clone().png({ palette: true }),
      half.clone().webp({ lossless: true }),
    ]) {
      const { bytes } = await compose(await file(image));
      assert.equal((await sharp(bytes).metadata()).hasAlpha, false);
      assertNear(await pixelAt(bytes, 15, 20), [227, 127, 127], 3);
    }
  });

  test('colours arrive as 8-bit sRGB whatever the source was', async () => {
    const sources: [image: Sharp, expected: number[], tolerance: number][] = [
      [plain(30, 40).toColourspace('rgb16').png(), [192, 64, 32], 0],
      [plain(30, 40, '#808080').toColourspace('b-w').png(), [128, 128, 128], 0],
      [plain(30, 40, '#808080').toColourspace('b-w').jpeg(), [128, 128, 128], 1],
      [plain(30, 40).withIccProfile('p3').jpeg({ quality: 100 }), [192, 64, 32], 4],
      [plain(30, 40).withIccProfile('cmyk').jpeg({ quality: 100 }), [192, 64, 32], 24],
    ];
    for (const [image, expected, tolerance] of sources) {
      const { bytes } = await compose(await file(image));
      const { space, channels, depth, icc } = await sharp(bytes).metadata();
      assert.deepEqual({ space, channels, depth, icc }, { space: 'srgb', channels: 3, depth: 'uchar', icc: undefined });
      assertNear(await pixelAt(bytes, 15, 20), expected, tolerance);
    }
  });

  test('no EXIF, GPS or other metadata remains', async () => {
    const exif = { IFD0: { Copyright: 'secret-owner' }, IFD3: { GPSLatitude: '59/1 56/1 0/1', GPSLatitudeRef: 'N' } };
    for (const image of [plain(30, 40).jpeg(), plain(30, 40).png(), plain(30, 40).webp()]) {
      const path = await file(image.withExif(exif).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'));
      assert.ok((await sharp(path).metadata()).exif, 'the source has it');
      const { bytes } = await compose(path);
      const { exif: kept, xmp, iptc, icc } = await sharp(bytes).metadata();
      assert.deepEqual({ kept, xmp, iptc, icc }, { kept: undefined, xmp: undefined, iptc: undefined, icc: undefined });
      assert.ok(!bytes.includes('secret-owner'));
    }
  });

  test('WebP becomes JPEG without colour subsampling', async () => {
    const picture = await compose(await file(plain(30, 40).webp()));
    assert.equal(picture.contentType, 'image/jpeg');
    assert.equal((await sharp(picture.bytes).metadata()).chromaSubsampling, '4:4:4');
  });

  test('a PNG that is too heavy, or not accepted, becomes JPEG of the same size', async () => {
    const path = await file(noise(300, 400).png());
    const heavy = await compose(path, { rules: { ...rules, maxBytes: 250_000 } });
    const refused = await compose(path, { rules: { ...rules, formats: ['jpeg'] } });
    for (const picture of [heavy, refused])
      assert.deepEqual([picture.contentType, picture.width, picture.height], ['image/jpeg', 300, 400]);
  });

  test('a picture that is too heavy even as JPEG is scaled down until it fits, still exactly 3:4', async () => {
    const path = await file(noise(900, 1200).jpeg());
    const picture = await compose(path, { rules: { ...rules, maxBytes: 200_000 } });
    assert.ok(picture.bytes.length <= 200_000 && picture.bytes.length > 100_000, `${picture.bytes.length}`);
    assert.equal(picture.width * 4, picture.height * 3);
    const limits = { ...rules, maxBytes: 2000, minSide: 300 };
    await assert.rejects(compose(path, { rules: limits }), (error: AppError) => error.code === 'image_too_small');
  });

  test('the longer side is at most 4096', async () => {
    const picture = await compose(await file(plain(4000, 5000).jpeg()));
    assert.deepEqual([picture.width, picture.height], [3072, 4096]);
  });

  test('a side below the minimum or too long a shape is refused', async () => {
    const path = await file(plain(299, 500).png());
    const small = refusal('image_too_small', { minSide: 300, width: 297, height: 396 });
    await assert.rejects(compose(path, { rules: { ...rules, minSide: 300 } }), small);
    const long = compose(path, { aspectRatio: { width: 1, height: 3 } });
    await assert.rejects(long, refusal('image_ratio', { maxRatio: 2.5 }));
  });

  test('a frame outside the picture is refused', async () => {
    const path = await file(plain(30, 40).png());
    for (const frame of [
      { x: 1, y: 0, width: 30, height: 40 },
      { x: 0, y: -1, width: 30, height: 40 },
      { x: 0, y: 0, width: 0, height: 40 },
      { x: 0, y: 0, width: 3.5, height: 4 },
      { x: 0, y: 0, width: NaN, height: 4 },
    ])
      await assert.rejects(compose(path, { frame }), refusal('invalid_request', { field: 'frame' }));
  });

  test('a broken picture is refused by compose too, and the next one is served', async () => {
    const whole = await noise(90, 120).jpeg().toBuffer();
    const cut = await file(whole.subarray(0, whole.length >> 1));
    const path = await file(whole);
    const frame = { x: 0, y: 0, width: 90, height: 120 };
    const composition = { frame, fit: 'crop', aspectRatio, rules } as const;
    const results = await Promise.allSettled(
      [cut, path].map((each) => pictures.compose({ path: each, ...composition })),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
  });
});

test('decoding goes one at a time', async () => {
  const path = await file(noise(900, 1200).png());
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, sharp.counters().process + sharp.counters().queue)), 1);
  await Promise.all(Array.from({ length: 6 }, () => pictures.inspect(path)));
  clearInterval(watch);
  assert.equal(most, 1);
});

test('a finished picture may have its model’s own size of the ratio, not another ratio', () => {
  const sizes = [
    '1:1 1024×1024',
    '3:4 864×1184',
    '4:3 1184×864',
    '4:5 896×1152',
    '5:4 1152×896',
    '9:16 768×1344',
    '21:9 1536×672',
  ];
  const read = (text: string, by: string) => {
    const [width, height] = text.split(by).map(Number);
    return { width: width!, height: height! };
  };
  for (const line of sizes) {
    const [ratio, size] = line.split(' ') as [string, string];
    assert.deepEqual(checkPicture(read(size, '×'), read(ratio, ':')), [], line);
  }
  assert.deepEqual(checkPicture({ width: 864, height: 1184 }, { width: 4, height: 5 }), [
    'the picture is 864×1184, not 4:5',
  ]);
  assert.notDeepEqual(checkPicture({ width: 800, height: 1000 }, { width: 3, height: 4 }), []);
});
