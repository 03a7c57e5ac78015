import { request as openRequest, Agent } from 'node:http';
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
    const floor = await startFloor(bench, { name: 'raw-upload', where: 'P6' });
    const site = await startBenchSite(bench, { where: 'P6', sellers });
    const tokens = await Promise.all(site.sellers.map(({ userId }) => mintToken(userId)));
    const heavy = await heavyPicture(10 * megabyte);
    const photo = await noisyPicture({ width: 3_000, height: 4_000 });
    const rows = [
      rowOf('10 MB with sha256 and checks', await compare(bench, { site, floor, tokens, picture: heavy })),
      decoded(photo, await compare(bench, { site, floor, tokens, picture: photo })),
    ];
    await Promise.all([site.close(), floor.stop()]);
    return [...rows, await growthRow(bench)];
  },
};

interface Sides {
  site: Site;
  floor: Subject;
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

/** Megabytes a second, four uploads at once. */
async function send(
  { url }: Subject,
  { tokens, picture, count }: { tokens: string[]; picture: Buffer; count: number },
): Promise<number> {
  const start = performance.now();
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
  for (let done = 0; done < count; done += atOnce) await Promise.all(Array.from({ length: atOnce }, one));
  return (count * picture.length) / megabyte / ((performance.now() - start) / 1000);
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
  const site = await startBenchSite(bench, { where: 'P6', sellers });
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
  };
}
