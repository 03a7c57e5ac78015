import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as openRequest, Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byTurns, median, ratioOf, type Comparison } from '../figures.ts';
import { ratioColumns, shown, type Bench, type Goal, type Row } from '../goal.ts';
import { heavyPicture, noisyPicture } from '../heavy-picture.ts';
import { startFloor, type Subject } from '../process.ts';
import { mintToken } from '../sellers.ts';
import { startBenchSite, type Site } from '../site.ts';

const least = 0.9;
const mostGrowthMb = 10;
const megabyte = 1_000_000;
const atOnce = 4;
const sellers = 100;

/** Pictures on their way in, and what they leave in memory. */
export const uploads: Goal = {
  id: 'P6',
  async run(bench) {
    const floor = await startRawUpload(bench);
    const site = await startUploadSite(bench);
    const tokens = await Promise.all(site.sellers.map(({ userId }) => mintToken(userId)));
    const heavy = await heavyPicture(10 * megabyte);
    const photo = await noisyPicture({ width: 3_000, height: 4_000 });
    const rows = [
      rowOf('10 MB with sha256 and checks', await compare(bench, { site, floor, tokens, picture: heavy })),
      decoded(photo, await compare(bench, { site, floor, tokens, picture: photo })),
    ];
    await Promise.all([site.close(), floor.close()]);
    return [...rows, await growthRow(bench)];
  },
};

/** A process that takes pictures, and the folder where it keeps them. */
interface Receiver extends Subject {
  mediaFolder: string;
  close(): Promise<void>;
}

async function startRawUpload(bench: Bench): Promise<Receiver> {
  const mediaFolder = await mkdtemp(join(tmpdir(), 'kvc-bench-floor-'));
  const floor = await startFloor(bench, { name: 'raw-upload', where: 'P6', env: { FOLDER: mediaFolder } });
  const close = () => floor.stop().then(() => rm(mediaFolder, { recursive: true }));
  return { ...floor, mediaFolder, close };
}

async function startUploadSite(bench: Bench): Promise<Receiver & Site> {
  const site = await startBenchSite(bench, { where: 'P6', sellers });
  return { ...site, mediaFolder: join(site.folder, 'media') };
}

/**
 * Removes the files, because where they lie in memory counts: a guest of a hypervisor waits until it is given a page that
 * it has not used lately (2026-11-20: 240 MB to files took 0.5 s of processor time in new pages, 0.05 s in used ones).
 */
async function empty(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  await Promise.all(entries.filter((each) => each.isFile()).map((each) => rm(join(each.parentPath, each.name))));
}

interface Sides {
  site: Receiver & Site;
  floor: Receiver;
  tokens: string[];
  picture: Buffer;
}

async function compare(bench: Bench, { site, floor, tokens, picture }: Sides): Promise<Comparison> {
  const count = bench.isQuick ? 12 : 24;
  return byTurns(bench.rounds, {
    ours: () => send(site, { tokens, picture, count }),
    floor: () => send(floor, { tokens, picture, count }),
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
let sent = 0;

/** Megabytes a second, four uploads at once; what they left is taken away after each four, outside of the time. */
async function send(
  { url, mediaFolder }: Receiver,
  { tokens, picture, count }: { tokens: string[]; picture: Buffer; count: number },
): Promise<number> {
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const authorization = `Bearer ${tokens[sent++ % tokens.length]}`;
      const headers = { authorization, 'content-type': 'image/jpeg', 'content-length': picture.length };
      const call = openRequest(`${url}/v1/uploads`, { method: 'POST', agent, headers }, (answer) => {
        if (answer.statusCode !== 201) reject(new Error(`an upload was answered with ${answer.statusCode}`));
        answer.resume().on('end', resolve);
      });
      call.on('error', reject).end(picture);
    });
  let tookMs = 0;
  for (let done = 0; done < count; done += atOnce) {
    const start = performance.now();
    await Promise.all(Array.from({ length: atOnce }, one));
    tookMs += performance.now() - start;
    await empty(mediaFolder);
  }
  return (count * picture.length) / megabyte / (tookMs / 1000);
}

function rowOf(what: string, figures: Comparison): Row {
  const ratio = ratioOf(figures);
  return {
    id: 'P6',
    what: `upload of ${what}, ${atOnce} at once ÷ raw stream with sha256 and fsync`,
    figure: shown(median(figures.ours), 'MB/s'),
    floor: shown(median(figures.floor), 'MB/s'),
    ...ratioColumns(ratio),
    goal: `≥ ${least}`,
    met: ratio.median >= least,
  };
}

/** A large photo is decoded whole before it is taken, which no raw stream does. */
function decoded(photo: Buffer, figures: Comparison): Row {
  const what = `a photo of 12 million pixels (${shown(photo.length / megabyte, 'MB')})`;
  const note =
    'the 10 MB are a picture of a million pixels with ten megabytes of comments, so that the way of the bytes is timed; ' +
    'a photo is decoded whole, one at a time, before it is taken';
  return { ...rowOf(what, figures), goal: '–', met: null, note };
}

async function growthRow(bench: Bench): Promise<Row> {
  const site = await startUploadSite(bench);
  const tokens = await Promise.all(site.sellers.map(({ userId }) => mintToken(userId)));
  const peakMb = async (picture: Buffer, count: number) => {
    await send(site, { tokens, picture, count });
    return (await site.usage()).peakRssBytes / megabyte;
  };
  const count = bench.isQuick ? 20 : 40;
  const small = await peakMb(await heavyPicture(megabyte), count * 2);
  const large = await peakMb(await heavyPicture(49 * megabyte), count);
  await site.close();
  return {
    id: 'P6',
    what: 'growth of the peak memory from 1 MB to 49 MB files',
    figure: shown(large - small, 'MB'),
    floor: `${shown(small, 'MB')} before`,
    ratio: '–',
    spread: '–',
    goal: `≤ ${mostGrowthMb} MB`,
    met: large - small <= mostGrowthMb,
    note:
      'libvips maps the file that it reads, and Linux counts its pages, which it may drop at any time, as memory of the ' +
      'process; the peak before is that of the start',
  };
}
