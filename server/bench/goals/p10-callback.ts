import { setTimeout as pause } from 'node:timers/promises';
import { v7 } from 'uuid';
import { startKlingSimulator } from '../../../demo/simulators/kling.ts';
import { startCallbackDoor } from '../callback-door.ts';
import { median, quantile } from '../figures.ts';
import { shown, spreadOf, type Goal } from '../goal.ts';
import { benchPresets, mintToken } from '../sellers.ts';
import { startBenchSite } from '../site.ts';
import { watchJobs } from '../watch-jobs.ts';

const mostMs = 1_000;
const toldUrl = 'https://covers.example';
const slots = 10;

/** How long a finished clip is on its way to the seller who waits for it. */
export const callbackToWidget: Goal = {
  id: 'P10',
  async run(bench) {
    const orders = bench.isQuick ? 10 : 40;
    const kling = await startKlingSimulator({
      video: 'tiny',
      submittedMs: 1_000,
      processingMs: 12_000,
      concurrency: slots,
    });
    const real = { url: '' };
    const door = await startCallbackDoor({ to: kling.url, told: toldUrl, real: () => real.url });
    const site = await startBenchSite(bench, {
      where: 'P10',
      sellers: 1,
      kling: { ...kling, url: door.url },
      env: { PUBLIC_URL: toldUrl, KLING_CONCURRENCY: String(slots), RESULT_HOSTS: new URL(kling.url).host },
    });
    real.url = site.url;
    const token = await mintToken(site.sellers[0]!.userId);
    const watch = await watchJobs(site.url, token);
    for (let n = 0; n < orders; n++) {
      await order(site.url, token);
      // Apart from each other, so that they end at different moments between two looks.
      await pause(process.uptime() % 1 < 0.5 ? 900 : 1_300);
    }
    while (watch.completedAt.size < orders) await pause(100);
    const taskOf = new Map(kling.tasks().map((task) => [task.externalId, task]));
    const tookMs = [...watch.completedAt].map(([jobId, at]) => at - taskOf.get(`kvc-${jobId}`)!.updatedAtMs);
    watch.close();
    await site.close();
    door.close();
    await kling.close();
    const p95 = quantile(tookMs, 0.95);
    return [
      {
        id: 'P10',
        what: 'done at Kling → event at the widget, with callback, p95',
        figure: shown(p95, 'ms'),
        floor: `p50 ${shown(median(tookMs), 'ms')}`,
        ratio: '–',
        spread: `${spreadOf(tookMs)} ms`,
        goal: `≤ ${mostMs} ms`,
        met: p95 <= mostMs,
        note: `${orders} clips of 13 s at Kling; the event says that the clip is downloaded, checked and on the disk`,
      },
    ];
  },
};

async function order(url: string, token: string): Promise<void> {
  const answer = await fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': v7() },
    body: JSON.stringify({ presetId: benchPresets.words, title: 'A mug' }),
  });
  if (answer.status !== 201) throw new Error(`the order was refused: ${await answer.text()}`);
}
