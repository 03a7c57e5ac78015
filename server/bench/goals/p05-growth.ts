import { bigFile, bytesPerJob } from '../big-file.ts';
import { byTurns, median, quantile, ratioOf, type Comparison } from '../figures.ts';
import { completedJobs } from '../filled-jobs.ts';
import { ratioColumns, shown, type Bench, type Goal, type Row } from '../goal.ts';
import { request, runLoad } from '../load.ts';
import { createStopwatch } from '../orders-to-submits.ts';
import { mintToken } from '../sellers.ts';
import { startBenchSite } from '../site.ts';

const few = 10_000;
const many = 1_000_000;
const mostTimes = 2;
const mostBytes = 700;

/** Whether a hundred times as many jobs are felt. */
export const growth: Goal = {
  id: 'P5',
  async run(bench) {
    const [small, large] = [await openSide(bench, few), await openSide(bench, many)];
    const rows: Row[] = [];
    const compared = async (what: string, measure: (side: Side) => Promise<number>, unit = 'ms') => {
      const figures = await byTurns(bench.rounds, { floor: () => measure(small), ours: () => measure(large) });
      rows.push(rowOf(what, figures, unit));
    };
    await compared('history page, 20 of 100 jobs', (side) => medianMs(bench, side, side.pages));
    await compared('job read', (side) => medianMs(bench, side, side.reads));
    await compared('order → its request at Kling (claim)', (side) => side.claim());
    await Promise.all([small.close(), large.close()]);
    return [...rows, sizeRow(large.file)];
  },
};

type Side = Awaited<ReturnType<typeof openSide>>;

async function openSide(bench: Bench, jobs: number) {
  const file = await bigFile(bench, jobs);
  const stopwatch = await createStopwatch();
  const env = { KLING_CONCURRENCY: '100000', SELLER_OPEN_JOBS: '0', SELLER_DAILY_JOBS: '0' };
  const site = await startBenchSite(bench, { where: 'P5', sellers: 20, file, kling: stopwatch.kling, env });
  const found = completedJobs(file, 200);
  const asSellers = (path: (id: string) => string) =>
    Promise.all(found.map(async ({ id, userId }) => request(path(id), { token: await mintToken(userId) })));
  await untilCalm(site.usage);
  return {
    file,
    url: site.url,
    pages: await asSellers(() => '/v1/jobs?limit=20'),
    reads: await asSellers((id) => `/v1/jobs/${id}`),
    claim: () => stopwatch.medianMs(site, bench.isQuick ? 10 : 30),
    async close() {
      await site.close();
      await stopwatch.close();
    },
  };
}

/** After its start a server adds up its past days; that is not what is timed. */
async function untilCalm(usage: () => Promise<{ cpuMs: number }>): Promise<void> {
  for (let before = (await usage()).cpuMs; ;) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { cpuMs } = await usage();
    if (cpuMs - before < 100) return;
    before = cpuMs;
  }
}

async function medianMs(bench: Bench, { url }: Side, requests: string[]): Promise<number> {
  const { tookMs } = await runLoad({ url, requests, connections: 1, durationMs: bench.roundMs });
  return quantile(tookMs, 0.5);
}

function rowOf(what: string, figures: Comparison, unit: string): Row {
  const ratio = ratioOf(figures);
  return {
    id: 'P5',
    what: `${what}: 10⁶ jobs ÷ 10⁴, p50 over HTTP`,
    figure: shown(median(figures.ours), unit),
    floor: shown(median(figures.floor), unit),
    ...ratioColumns(ratio),
    goal: `≤ ${mostTimes}`,
    met: ratio.median <= mostTimes,
  };
}

function sizeRow(file: string): Row {
  const { jobs, ledger, indexes } = bytesPerJob(file);
  const bytes = jobs + ledger + indexes;
  return {
    id: 'P5',
    what: 'bytes a job with its ledger rows, at 10⁶ jobs',
    figure: shown(bytes, 'B'),
    floor: '–',
    ratio: '–',
    spread: '–',
    goal: `≤ ${mostBytes} B`,
    met: bytes <= mostBytes,
    note: `of the bytes ${shown(jobs)} are the job's row (prompt, picture and clip as they were sent and came), ${shown(ledger)} its ledger rows, ${shown(indexes)} the indexes of both`,
  };
}
