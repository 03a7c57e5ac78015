import sharp from 'sharp';

const commentBytes = 60_000;

/** A small JPEG made as heavy as told by comments in its header, which every decoder passes over. */
export async function heavyPicture(bytes: number): Promise<Buffer> {
  const picture = await sharp({ create: { width: 900, height: 1200, channels: 3, background: '#b5651d' } })
    .jpeg()
    .toBuffer();
  const parts = [picture.subarray(0, 2)];
  for (let left = bytes - picture.length; left > 4;) {
    const length = Math.min(commentBytes, left);
    const comment = Buffer.alloc(length, 0x20);
    comment.writeUInt16BE(0xfffe, 0);
    comment.writeUInt16BE(length - 2, 2);
    parts.push(comment);
    left -= length;
  }
  return Buffer.concat([...parts, picture.subarray(2)]);
}

/** A JPEG of noise, which is as heavy as a photo of so many pixels can be. */
export function noisyPicture({ width, height }: { width: number; height: number }): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
  return sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
