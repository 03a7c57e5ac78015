import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

/**
 * Renders every scene of this folder to a JPEG beside it: `node demo/photos/draw.ts [name …]`.
 * The scenes are drawn by us, so the photos may be used for anything.
 */
const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);

for (const file of await readdir(folder)) {
  const name = file.replace(/\.svg$/, '');
  if (name === file || (wanted.length > 0 && !wanted.includes(name))) continue;
  const target = `${folder}${name}.jpg`;
  await sharp(folder + file, { unlimited: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 82, mozjpeg: true })
    .toFile(target);
  process.stdout.write(`${name}.jpg ${Math.round((await stat(target)).size / 1024)} kB\n`);
}
