import { median, ratioOf } from '../figures.ts';
import { ratioColumns, shown, type Goal } from '../goal.ts';
import { startFloor, type Subject } from '../process.ts';
import { mintToken } from '../sellers.ts';
import { startBenchSite } from '../site.ts';
import { gatherCrowd } from '../stream-crowd.ts';

const mostKb = 15;
const mostTimes = 1.3;

/** Very many sellers who listen at once. */
export const eventStreams: Goal = {
  id: 'P9',
  async run(bench) {
    const streams = 5_000;
    const site = await startBenchSite(bench, { where: 'P9', sellers: streams });
    const floor = await startFloor(bench, { name: 'raw-broadcast', where: 'P9' });
    const tokens = await Promise.all(site.sellers.map(({ userId }) => mintToken(userId)));
    const ours = await crowdOf(site, tokens);
    const raw = await crowdOf(floor, tokens);
    const beats = { ours: [] as number[], floor: [] as number[] };
    for (let beat = 0; beat < (bench.isQuick ? 1 : 3); beat++) {
      const [one, other] = await Promise.all([ours.crowd.nextBeatMs(), raw.crowd.nextBeatMs()]);
      beats.ours.push(one);
      beats.floor.push(other);
    }
    for (const { crowd } of [ours, raw]) crowd.close();
    await Promise.all([site.close(), floor.stop()]);
    const ratio = ratioOf(beats);
    const count = streams.toLocaleString('en');
    return [
      {
        id: 'P9',
        what: `${count} event streams: memory a connection`,
        figure: shown(ours.kb, 'kB'),
        floor: shown(raw.kb, 'kB'),
        ratio: shown(ours.kb / raw.kb),
        spread: '–',
        goal: `≤ ${mostKb} kB`,
        met: ours.kb <= mostKb,
        note: 'each stream is another seller with another token, who is remembered too',
      },
      {
        id: 'P9',
        what: `a line to all ${count}: p99 behind the first ÷ raw`,
        figure: shown(median(beats.ours), 'ms'),
        floor: shown(median(beats.floor), 'ms'),
        ...ratioColumns(ratio),
        goal: `≤ ${mostTimes}`,
        met: ratio.median <= mostTimes,
        note: 'the line is the heartbeat, the only thing that our server tells to all at once',
      },
    ];
  },
};

async function crowdOf(subject: Subject, tokens: string[]) {
  // What the first requests of a process bring into memory is no stream's.
  (await gatherCrowd(subject.url, tokens.slice(0, 100))).close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = await subject.usage('collect');
  const crowd = await gatherCrowd(subject.url, tokens);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const { rssBytes } = await subject.usage('collect');
  return { crowd, kb: (rssBytes - before.rssBytes) / 1_000 / tokens.length };
}
