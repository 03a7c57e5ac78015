import { median, ratioOf } from '../figures.ts';
import { ratioColumns, shown, type Goal } from '../goal.ts';
import { startFloor, type Subject } from '../process.ts';
import { mintToken } from '../sellers.ts';
import { startBenchSite } from '../site.ts';
import { gatherCrowd } from '../stream-crowd.ts';

const mostKb = 15;
const mostTimes = 1.3;
const streams = 5_000;

/** Very many sellers who listen at once. */
export const eventStreams: Goal = {
  id: 'P9',
  async run(bench) {
    const kb = { ours: [] as number[], floor: [] as number[] };
    const farewells = { ours: [] as number[], floor: [] as number[] };
    for (let round = 0; round < (bench.isQuick ? 1 : 3); round++) {
      const site = await startBenchSite(bench, { where: 'P9', sellers: streams });
      const tokens = await Promise.all(site.sellers.map(({ userId }) => mintToken(userId)));
      const ours = await lifeOf(site, () => site.close(), tokens);
      const floor = await startFloor(bench, { name: 'raw-broadcast', where: 'P9' });
      const raw = await lifeOf(floor, () => floor.stop(), tokens);
      kb.ours.push(ours.kb);
      kb.floor.push(raw.kb);
      farewells.ours.push(ours.farewellMs);
      farewells.floor.push(raw.farewellMs);
    }
    const ratio = ratioOf(farewells);
    const count = streams.toLocaleString('en');
    return [
      {
        id: 'P9',
        what: `${count} event streams: memory a connection`,
        figure: shown(median(kb.ours), 'kB'),
        floor: shown(median(kb.floor), 'kB'),
        ratio: shown(median(kb.ours) / median(kb.floor)),
        spread: '–',
        goal: `≤ ${mostKb} kB`,
        met: median(kb.ours) <= mostKb,
        note: 'each stream is another seller with another token, who is remembered too',
      },
      {
        id: 'P9',
        what: `a line to all ${count}: p99 behind the first ÷ raw`,
        figure: shown(median(farewells.ours), 'ms'),
        floor: shown(median(farewells.floor), 'ms'),
        ...ratioColumns(ratio),
        goal: `≤ ${mostTimes}`,
        met: ratio.median <= mostTimes,
        note: 'the line is the last one, which ends the stream: heartbeats come in turns, so when it stops is the only time that our server tells something to all at once',
      },
    ];
  },
};

/** Opens streams with all tokens, weighs them, and has the process end. */
async function lifeOf(subject: Subject, stop: () => Promise<void>, tokens: string[]) {
  // What the first requests of a process bring into memory is no stream's.
  (await gatherCrowd(subject.url, tokens.slice(0, 1_000))).close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = await subject.usage('collect');
  const crowd = await gatherCrowd(subject.url, tokens);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const { rssBytes } = await subject.usage('collect');
  const stopped = stop();
  const farewellMs = await crowd.farewellMs();
  crowd.close();
  await stopped;
  return { farewellMs, kb: (rssBytes - before.rssBytes) / 1_000 / tokens.length };
}
