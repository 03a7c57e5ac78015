import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { System } from '../server/compose.ts';
import { createClipMaker } from './simulators/clip-maker.ts';

type Footage = Awaited<ReturnType<Parameters<System['addSampleMonth']>[0]['footage']>>;

/** Small, because every cover of the month keeps a file of its own. */
const size = { width: 180, height: 240 };
const framesPerSecond = 12;
const lengths = [5, 10];

/** Films the sample photos as the Kling simulator does, in covers' proportions and the lengths that presets have. */
export async function filmPhotos(): Promise<Footage> {
  const clips = createClipMaker(join(tmpdir(), 'kling-simulator-clips'));
  const film = async (picture: Uint8Array, seconds: number) => {
    const path = await clips.make({ ...size, picture, frameCount: seconds * framesPerSecond, framesPerSecond });
    return { seconds, bytes: await readFile(path) };
  };
  try {
    const footage: Footage = [];
    for (const product of ['mug', 'serum', 'backpack']) {
      const photo = await readFile(join(import.meta.dirname, 'photos', `${product}.jpg`));
      const picture = await sharp(photo)
        .resize({ ...size, fit: 'cover' })
        .jpeg({ quality: 82 })
        .toBuffer();
      footage.push({ ...size, picture, clips: await Promise.all(lengths.map((seconds) => film(picture, seconds))) });
    }
    return footage;
  } finally {
    await clips.close();
  }
}
