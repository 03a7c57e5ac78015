import { startWorld } from '../../jobs/testing.ts';
import { shown, type Goal } from '../goal.ts';

const most = 2;
const slots = 20;
const clipMs = 300_000;

/** How often Kling is asked for each clip that it makes. The worker and the simulator share a clock that is moved by hand. */
export const providerCalls: Goal = {
  id: 'P7',
  async run(bench) {
    const clips = slots * (bench.isQuick ? 2 : 5);
    const kling = { concurrency: slots, submittedMs: 2_000, processingMs: clipMs - 2_000 };
    const world = await startWorld({ kling, concurrency: slots });
    const seller = await world.seller(1_000_000);
    let wanted = 0;
    const isDone = () => world.kling.tasks().filter(({ downloads }) => downloads > 0).length >= wanted;
    async function make(count: number): Promise<void> {
      wanted += count;
      for (let n = 0; n < count; n++) await world.order(seller);
      while (!isDone()) await world.live(5);
    }
    // The first ones tell the server how long such a clip takes.
    await make(slots);
    const before = world.kling.log.length;
    await make(clips);
    const calls = world.kling.log.slice(before).filter(({ path }) => path.startsWith('/v1/'));
    const submits = calls.filter(({ method }) => method === 'POST').length;
    await world.close();
    const perClip = calls.length / clips;
    return [
      {
        id: 'P7',
        what: `calls at Kling for each finished clip, ${slots} in flight, 5 min each, without callbacks`,
        figure: shown(perClip),
        floor: `${shown(submits / clips)} orders`,
        ratio: '–',
        spread: '–',
        goal: `≤ ${most}`,
        met: perClip <= most,
        note: `${clips} clips after ${slots} that told how long they take; the real worker and simulator on a clock moved by hand; of the calls ${shown(submits / clips)} order the clip and ${shown((calls.length - submits) / clips)} ask how it goes; the download is none of them`,
      },
    ];
  },
};
